using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Commands;

/// <summary>What commands work with.</summary>
/// <param name="Source">The machines.</param>
/// <param name="Terminal">Where words go.</param>
/// <param name="Interruption">Ctrl-C and the like.</param>
/// <param name="LogFolder">The folder of the event log.</param>
internal sealed record CommandServices(IMachinesSource Source, Terminal Terminal, Interruption Interruption, string LogFolder)
{
    /// <summary>Opens the domain in this process, for work on disk images.</summary>
    public Func<VirtualMachineHost> OpenDisks { get; init; } = static () => throw new InvalidOperationException("There is no domain here.");

    /// <summary>For a command that goes on until Ctrl-C: has it end when nobody reads what it prints.</summary>
    /// <returns>To be disposed when the command has ended.</returns>
    public IDisposable EndWithOutput() => new OutputWatch(Terminal.Loss, Interruption);
}
