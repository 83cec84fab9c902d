using Spectre.Console.Testing;
using VpcComApi.CommandLine.Commands;
using VpcComApi.CommandLine.Output;
using VpcComApi.Platform.Output;

namespace VpcComApi.CommandLine.Tests.Fakes;

/// <summary>Command lines run in this process on fake machines, with what they write.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly TestConsole output = CreateConsole();
    private readonly TestConsole error = CreateConsole();

    public CommandRun(FakeMachines machines, string logFolder = "", bool isHostedHere = false)
    {
        Machines = machines;
        Source = new FakeMachinesSource(machines, isHostedHere);
        Services = new CommandServices(Source, new Terminal(output, error, Loss), Interruption, logFolder);
    }

    public FakeMachines Machines { get; }

    public FakeMachinesSource Source { get; }

    public CommandServices Services { get; }

    public Interruption Interruption { get; } = new();

    /// <summary>Reports that standard output cannot be written.</summary>
    public OutputLoss Loss { get; } = new(isRedirected: false);

    /// <summary>What went to standard output.</summary>
    public string Output => output.Output;

    /// <summary>What went to standard error.</summary>
    public string Error => error.Output;

    public async Task<ExitCode> RunAsync(params string[] arguments) =>
        (ExitCode)await CommandLineProgram.RunAsync(arguments, Services);

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
        Interruption.Dispose();
    }

    private static TestConsole CreateConsole()
    {
        TestConsole console = new();
        console.Profile.Width = 1000;
        return console;
    }
}
