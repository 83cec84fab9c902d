using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using VpcComApi.CommandLine.Commands;

namespace VpcComApi.CommandLine;

/// <summary>Reads a command line, has it done, and turns whatever goes wrong into one line and an exit code.</summary>
internal static class CommandLineProgram
{
    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="services">What the commands work with.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandServices services)
    {
        ParseResult line = new VpcctlCommand(services).Parse(arguments);
        if (line.Action is ParseErrorAction)
        {
            services.Terminal.Fail(string.Join(" ", line.Errors.Select(error => error.Message)));
            services.Terminal.Note($"\"{HelpFor(line)}\" shows what is possible.");
            return (int)ExitCode.Usage;
        }

        int exitCode = await InvokeAsync(line, services);

        // A command that failed says so; one that was ended because nobody reads its output has failed by that.
        return exitCode is (int)ExitCode.Done or (int)ExitCode.Interrupted && services.Terminal.EndOutput() is { } lost
            ? (int)lost
            : exitCode;
    }

    private static async Task<int> InvokeAsync(ParseResult line, CommandServices services)
    {
        try
        {
            // Signals are heard by the commands themselves, each of which knows what is to be ended in which order.
            return await line.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = services.Terminal.Output.Profile.Out.Writer,
                Error = services.Terminal.Error.Profile.Out.Writer,
            });
        }
#pragma warning disable CA1031 // The last place where it can be reported.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failure failure = Failure.Of(e);
            if (failure.ExitCode != ExitCode.Interrupted || services.Terminal.Loss.Cause is null)
            {
                services.Terminal.Fail(failure.Message);
            }

            return (int)failure.ExitCode;
        }
    }

    private static string HelpFor(ParseResult line)
    {
        string command = string.Empty;
        for (CommandResult? result = line.CommandResult; result is { Command: not RootCommand }; result = result.Parent as CommandResult)
        {
            command = $" {result.Command.Name}{command}";
        }

        return $"vpcctl{command} --help";
    }
}
