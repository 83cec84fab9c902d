using System.Collections.Concurrent;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tests.Peripherals;

namespace VpcComApi.VirtualMachines.Tests;

/// <summary>A running machine in memory, which remembers what was asked of it.</summary>
internal sealed class FakeRunningMachine(MachineStart start) : IRunningMachine
{
    private readonly ConcurrentQueue<string> calls = new();
    private readonly SemaphoreSlim processorFaults = new(0);
    private int faultWaits;
    private readonly TaskCompletionSource<MachineEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The configuration of its start.</summary>
    public MachineStart Start { get; } = start;

    /// <summary>What was asked of it, in order.</summary>
    public IReadOnlyList<string> Calls => [.. calls];

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed => Calls.Contains("Dispose");

    /// <summary>What a call does before it succeeds; gets the call's name.</summary>
    public Func<string, CancellationToken, Task> Doing { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Its devices, or null when it has none.</summary>
    public FakeDevices? Devices { get; set; }

    /// <summary>Whether it can be saved.</summary>
    public bool CanSave { get; set; } = true;

    /// <inheritdoc/>
    public MachineCapabilities Capabilities => (CanSave ? MachineCapabilities.Save : MachineCapabilities.None)
 | (Devices is null
            ? MachineCapabilities.None
            : MachineCapabilities.Display | MachineCapabilities.Keyboard | MachineCapabilities.Mouse)
        | (RemovableDrives is null ? MachineCapabilities.None : MachineCapabilities.MediaChange)
        | (NetworkCables is null ? MachineCapabilities.None : MachineCapabilities.NetworkCables);

    /// <inheritdoc/>
    public IDisplayDevice Display => Devices!;

    /// <inheritdoc/>
    public IKeyboardDevice Keyboard => Devices!;

    /// <inheritdoc/>
    public IMouseDevice Mouse => Devices!;

    /// <inheritdoc/>
    public IReadOnlyList<ISerialDevice> SerialPorts => Devices is null ? [] : [Devices];

    /// <inheritdoc/>
    public Task<MachineEnd> Ended => ended.Task;

    /// <inheritdoc/>
    public IRemovableDrives RemovableDrives { get; set; } = null!;

    /// <inheritdoc/>
    public INetworkCables NetworkCables { get; set; } = null!;

    /// <summary>How often a wait for a fault has begun.</summary>
    public int FaultWaits => Volatile.Read(ref faultWaits);

    /// <summary>Simulates a fatal error of the guest's processor.</summary>
    public void Fault() => processorFaults.Release();

    /// <inheritdoc/>
    public Task WaitForProcessorFaultAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref faultWaits);
        return processorFaults.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the machine by itself.</summary>
    public void End(MachineEndReason reason, string description)
    {
        Devices?.Complete();
        ended.TrySetResult(new MachineEnd(reason, description));
    }

    /// <inheritdoc/>
    public async Task<Stream> ConnectBusAsync(CancellationToken cancellationToken)
    {
        // This machine never has a guest.
        await ended.Task.WaitAsync(cancellationToken);
        throw new IOException("The machine has ended.");
    }

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken) => DoAsync("Pause", cancellationToken);

    /// <inheritdoc/>
    public Task ResumeAsync(CancellationToken cancellationToken) => DoAsync("Resume", cancellationToken);

    /// <inheritdoc/>
    public Task ResetAsync(CancellationToken cancellationToken) => DoAsync("Reset", cancellationToken);

    /// <inheritdoc/>
    public async Task SaveAsync(string path, IProgress<int> progress, CancellationToken cancellationToken)
    {
        await DoAsync("Save", cancellationToken);
        await File.WriteAllTextAsync(path, "saved state", cancellationToken);
        progress.Report(100);
        End(MachineEndReason.Saved, "saved");
    }

    /// <inheritdoc/>
    public async Task TurnOffAsync(CancellationToken cancellationToken)
    {
        await DoAsync("TurnOff", cancellationToken);
        End(MachineEndReason.TurnedOff, "turned off");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DoAsync("Dispose", CancellationToken.None);
        End(MachineEndReason.TurnedOff, "disposed");
    }

    private async Task DoAsync(string call, CancellationToken cancellationToken)
    {
        calls.Enqueue(call);
        await Doing(call, cancellationToken);
    }
}
