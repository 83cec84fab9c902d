using System.Collections.Concurrent;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Tests;

/// <summary>A provider in memory. A test sets what each step does; by default every step succeeds at once.</summary>
internal sealed class FakeProvider(string name = "fake") : IMachineProvider
{
    private readonly ConcurrentQueue<FakeRunningMachine> machines = new();

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <summary>An action of the start before it returns a machine.</summary>
    public Func<MachineStart, IProgress<int>, CancellationToken, Task> Starting { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Prepares each machine that is started.</summary>
    public Action<FakeRunningMachine> Prepare { get; set; } = _ => { };

    /// <summary>Every machine that was started, in order.</summary>
    public IReadOnlyList<FakeRunningMachine> Machines => [.. machines];

    /// <summary>The machine that was started last.</summary>
    public FakeRunningMachine Last => machines.Last();

    /// <summary>How often it was disposed, and how many machines had not ended then.</summary>
    public List<int> Disposals { get; } = [];

    /// <summary>What its end does before it succeeds.</summary>
    public Func<Task> Disposing { get; set; } = () => Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Disposals.Add(Machines.Count(machine => !machine.Ended.IsCompleted));
        await Disposing();
    }

    /// <inheritdoc/>
    public async Task<IRunningMachine> StartAsync(MachineStart start, IProgress<int> progress, CancellationToken cancellationToken)
    {
        await Starting(start, progress, cancellationToken);
        FakeRunningMachine machine = new(start);
        Prepare(machine);
        machines.Enqueue(machine);
        return machine;
    }
}
