using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class CommonSymbols
{
    private const double LongestTimeoutSeconds = 24 * 60 * 60;

    /// <summary>How long a shell waits for names to complete.</summary>
    private static readonly TimeSpan CompletionLimit = TimeSpan.FromSeconds(10);

    /// <summary>NAME, a machine; the shell completes it.</summary>
    public static Argument<string> MachineName(CommandServices services)
    {
        Argument<string> name = new("NAME") { HelpName = "NAME", Description = "The machine's name, in any case." };
        name.CompletionSources.Add(_ => NamesOf(services));
        return name;
    }

    /// <summary>NAME, a machine, or nothing.</summary>
    public static Argument<string?> OptionalMachineName(CommandServices services)
    {
        Argument<string?> name = new("NAME")
        {
            HelpName = "NAME",
            Description = "The machine's name, in any case; all machines without it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.CompletionSources.Add(_ => NamesOf(services));
        return name;
    }

    /// <summary>--json.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON, for a script." };

    /// <summary>--trust-parent.</summary>
    public static Option<bool> TrustParent() => new("--trust-parent")
    {
        Description = "Accept the parents of its disks as they are now, although they have changed since the disks were made from them.",
    };

    /// <summary>--timeout SECONDS.</summary>
    public static Option<double> Timeout(double defaultSeconds) => new("--timeout")
    {
        Description = "How many seconds to wait at most.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => defaultSeconds,
        CustomParser = ParseTimeout,
    };

    /// <summary>Says of each text that is no KEY=VALUE that it is none.</summary>
    /// <param name="result">Where it is said.</param>
    /// <param name="arguments">The texts.</param>
    public static void CheckAssignments(SymbolResult result, IEnumerable<string> arguments)
    {
        foreach (string argument in arguments)
        {
            try
            {
                ConfigurationAssignment.Parse(argument);
            }
            catch (FormatException e)
            {
                result.AddError(e.Message);
            }
        }
    }

    private static double ParseTimeout(ArgumentResult result)
    {
        if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            && seconds is > 0 and <= LongestTimeoutSeconds)
        {
            return seconds;
        }

        result.AddError(
            $"\"{result.Tokens[0].Value}\" is not a time: --timeout takes a number of seconds above 0, at most {LongestTimeoutSeconds:0}.");
        return 0;
    }

    private static IEnumerable<CompletionItem> NamesOf(CommandServices services)
    {
        try
        {
            using CancellationTokenSource limit = new(CompletionLimit);
#pragma warning disable VSTHRD002 // The parser asks for completions synchronously; the wait has a limit.
            return NamesOfAsync(services, limit.Token).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }
#pragma warning disable CA1031 // Whatever fails while somebody types must not write into the line.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    private static async Task<IEnumerable<CompletionItem>> NamesOfAsync(CommandServices services, CancellationToken cancellationToken)
    {
        await using IMachinesSession session = await services.Source.ConnectAsync(cancellationToken);
        MachineList list = await session.Machines.ListAsync(cancellationToken);
        return [.. list.Machines.Select(machine => new CompletionItem(machine.Name))];
    }
}
