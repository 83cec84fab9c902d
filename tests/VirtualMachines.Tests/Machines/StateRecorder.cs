using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Machines;

/// <summary>Records the states that a machine reports.</summary>
internal sealed class StateRecorder : IDisposable
{
    private readonly VirtualMachine machine;
    private readonly Lock sync = new();
    private readonly List<MachineState> states = [];

    /// <summary>Begins to listen.</summary>
    public StateRecorder(VirtualMachine machine)
    {
        this.machine = machine;

        // What was queued before is not this recorder's.
        machine.Parts.Context.Events.DrainAsync().Wait(Wait.DefaultLimit);
        machine.StateChanged += Record;
    }

    /// <summary>Waits until this many states were reported, and expects that they are these.</summary>
    public async Task ExpectAsync(params MachineState[] expected)
    {
        await Wait.UntilAsync(() => Snapshot().Count >= expected.Length, $"the states {string.Join(", ", expected)}");
        await Wait.UntilAsync(machine.Parts.Context.Events.DrainAsync(), "the events that wait");
        Assert.That(Snapshot(), Is.EqualTo(expected));
    }

    /// <inheritdoc/>
    public void Dispose() => machine.StateChanged -= Record;

    private List<MachineState> Snapshot()
    {
        lock (sync)
        {
            return [.. states];
        }
    }

    private void Record(object? sender, MachineStateChangedEventArgs e)
    {
        lock (sync)
        {
            states.Add(e.State);
        }
    }
}
