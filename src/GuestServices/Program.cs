using System.CommandLine;
using VpcComApi.GuestServices;
using VpcComApi.GuestServices.Commands;
using VpcComApi.Platform.Output;

if (RunCommand.TryRunAsync(args) is { } running)
{
    return await running;
}

OutputLoss loss = new(Console.IsOutputRedirected);
using TextWriter output = new TerminalWriter(Console.IsOutputRedirected ? StandardOutputStream.OpenWriter() : Console.Out, loss.Report);

// The commands handle Ctrl-C and SIGTERM themselves, because a service stops in its own way.
InvocationConfiguration configuration = new() { ProcessTerminationTimeout = null, Output = output };
int exitCode = await VmsrvcCommand.Create().Parse(args).InvokeAsync(configuration);
if (exitCode != ExitCode.Success || loss.Cause is null)
{
    return exitCode;
}

if (loss.Message is { } message)
{
    await Console.Error.WriteLineAsync(message);
    return ExitCode.Failure;
}

return ExitCode.OutputClosed;
