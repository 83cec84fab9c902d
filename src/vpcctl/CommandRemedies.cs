using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine;

/// <summary>What a person reads of a refusal: the domain's text, and the command that does what the text advises.</summary>
internal static class CommandRemedies
{
    private const string Unquoted = "+,-./:=@_";

    /// <summary>The text for a person.</summary>
    /// <param name="refusal">The refusal.</param>
    public static string TextOf(VirtualMachineException refusal) =>
        refusal.Remedy is { } remedy ? $"{refusal.Message} Try: {CommandFor(remedy)}" : refusal.Message;

    /// <summary>The command line that does what a remedy says. Where the subject is not known, its place is shown in capitals.</summary>
    /// <param name="remedy">The remedy.</param>
    public static string CommandFor(Remedy remedy)
    {
        string machine = remedy.Subject is { } name ? Quote(name) : "NAME";
        string file = remedy.Subject is { } path ? Quote(path) : "FILE";
        return remedy.Action switch
        {
            RemedyAction.DiscardSavedState => $"vpcctl discard {machine}",
            RemedyAction.AcceptChangedParent => $"vpcctl start {machine} --trust-parent",
            RemedyAction.ChangeUndoAction => $"vpcctl config {machine} set settings/undo_drives/default_action=1",
            RemedyAction.RegisterMachine => $"vpcctl register {file}",
            RemedyAction.WaitForGuest => $"vpcctl state {machine}",
            RemedyAction.TypeKeySequence => $"vpcctl type {machine} SEQUENCE --keys",
            RemedyAction.SetParent => $"vpcctl disk repair-parent {file} PARENT",
            RemedyAction.CopyToNewDisk => $"vpcctl disk convert {file} NEW --dynamic",
            RemedyAction.CompactDisk => $"vpcctl disk compact {file}",
            RemedyAction.CorrectConfiguration => $"vpcctl config {machine} set KEY=VALUE",
            RemedyAction.ForgetMachine => $"vpcctl remove {machine} --keep-files",
            _ => throw new ArgumentOutOfRangeException(nameof(remedy), remedy.Action, "There is no command for it."),
        };
    }

    /// <summary>A word as it is typed in a shell.</summary>
    private static string Quote(string word)
    {
        if (word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || Unquoted.Contains(c, StringComparison.Ordinal)))
        {
            return word;
        }

        // Windows knows these quotes alone. In a Unix shell they leave four characters with a meaning, so single ones are taken where one
        // of those is there.
        return OperatingSystem.IsWindows() || word.AsSpan().IndexOfAny("\"$`\\!") < 0
            ? $"\"{word}\""
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }
}
