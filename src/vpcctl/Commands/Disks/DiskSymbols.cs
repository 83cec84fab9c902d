using System.CommandLine;
using System.CommandLine.Parsing;
using VpcComApi.VirtualDisks;

namespace VpcComApi.CommandLine.Commands.Disks;

/// <summary>Arguments and options that several commands on disk images have.</summary>
internal static class DiskSymbols
{
    /// <summary>--fixed.</summary>
    public static Option<bool> Fixed() => new("--fixed") { Description = "A file with room for the whole disk." };

    /// <summary>--dynamic.</summary>
    public static Option<bool> Dynamic() => new("--dynamic") { Description = "A file that grows with what is written." };

    /// <summary>Refuses a command line that asks for both kinds.</summary>
    /// <param name="command">The command.</param>
    /// <param name="isFixed">--fixed.</param>
    /// <param name="isDynamic">--dynamic.</param>
    public static void AllowOneOf(Command command, Option<bool> isFixed, Option<bool> isDynamic) => command.Validators.Add(result =>
    {
        if (result.GetValue(isFixed) && result.GetValue(isDynamic))
        {
            result.AddError("--fixed and --dynamic exclude each other: a disk is of one kind.");
        }
    });

    /// <summary>
    /// What an option says while the command line is still being checked, when asking for its value would throw if it has none.
    /// </summary>
    /// <param name="result">The command line so far.</param>
    /// <param name="option">The option.</param>
    /// <returns>Null when it is not there; empty when its value is missing, which the parser reports.</returns>
    public static string? TextOf(CommandResult result, Option<string?> option) =>
        result.GetResult(option) is { } given ? given.Tokens is [Token token, ..] ? token.Value : string.Empty : null;

    /// <summary>The kind that the command line asks for.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="isFixed">--fixed.</param>
    /// <param name="isDynamic">--dynamic.</param>
    /// <returns>Null when it asks for none.</returns>
    public static VirtualDiskKind? KindOf(ParseResult line, Option<bool> isFixed, Option<bool> isDynamic) =>
        line.GetValue(isFixed) ? VirtualDiskKind.FixedSize : line.GetValue(isDynamic) ? VirtualDiskKind.Dynamic : null;
}
