using System.Runtime.InteropServices;
using VpcComApi.ChannelBench;
using VpcComApi.ChannelBench.Load;

switch (args)
{
    case [BenchRoles.Server]:
        LoadServer.Run();
        return 0;
    case [BenchRoles.Spinner]:
        Spinner.Run();
        return Environment.ExitCode;
}

// The state of the computer is restored also when the run is cancelled.
using CancellationTokenSource end = new();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    await new BenchRun(BenchOptions.Parse(args)).RunAsync(end.Token);
    return 0;
}
catch (FormatException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}
catch (OperationCanceledException) when (end.IsCancellationRequested)
{
    Console.Error.WriteLine("Interrupted.");
    return 130;
}

void End(PosixSignalContext context)
{
    context.Cancel = true;
    end.Cancel();
}
