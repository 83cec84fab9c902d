using System.CommandLine;
using VpcComApi.GuestServices.Commands;

if (RunCommand.TryRun(args) is { } running)
{
    return await running;
}

// Ctrl-C and SIGTERM belong to the commands: a service has its own idea of stopping.
InvocationConfiguration configuration = new() { ProcessTerminationTimeout = null };
return await VmsrvcCommand.Create().Parse(args).InvokeAsync(configuration);
