using VpcComApi.CommandLine.Machines;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.CommandLine.Tests.Fakes;

/// <summary>Machines without a domain, and a record of what was asked of them.</summary>
internal sealed class FakeMachines(params FakeMachine[] machines) : IMachines
{
    private readonly Lock gate = new();
    private readonly List<FakeMachine> all = [.. machines];
    private readonly List<string> calls = [];

    public event Action? Changed;

    public HostDescription Description { get; set; } = new("1.0", 4711, SeesChannels: true);

    public bool EndWasRequested { get; private set; }

    public List<MachineProblem> Problems { get; } = [];

    /// <summary>The configuration of each machine.</summary>
    public List<ConfigurationValue> Configuration { get; } = [];

    /// <summary>What was asked, in order: "start XP".</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (gate)
            {
                return [.. calls];
            }
        }
    }

    public bool AnyIsOn => all.Any(machine => machine.IsOn);

    /// <summary>Never completes before the call is cancelled, and reports the call to the test.</summary>
    public TaskCompletionSource HangingCallArrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource HangingCallCancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<HostDescription> GetHostAsync(CancellationToken cancellationToken) => Task.FromResult(Description);

    public Task<bool> EndHostIfIdleAsync(CancellationToken cancellationToken)
    {
        EndWasRequested = !AnyIsOn;
        Changed?.Invoke();
        return Task.FromResult(EndWasRequested);
    }

    public Task<MachineList> ListAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return Task.FromResult(new MachineList([.. all.Select(Summarize)], [.. Problems]));
        }
    }

    public Task<MachineDetails> GetAsync(string name, CancellationToken cancellationToken)
    {
        FakeMachine machine = Find(name);
        return Task.FromResult(new MachineDetails
        {
            Name = machine.Name,
            State = machine.State,
            PauseReason = machine.PauseReason,
            Ready = machine.IsReady,
            MemoryMegabytes = 512,
            File = $"/vm/{machine.Name}.vmc",
            ChassisAssetTag = "1234",
            HeartbeatPercent = machine.IsReady ? 100 : null,
            ComputerName = machine.IsReady ? "guest\u001b[31m" : null,
        });
    }

    public Task<MachineSummary> CreateAsync(
        string name, string? folder, int? memoryMegabytes, string? disk, ConfigurationValue[] values, CancellationToken cancellationToken)
    {
        Note(
            $"create {name} {folder} {memoryMegabytes}{(disk is null ? "" : " " + disk)}"
                + $"{string.Concat(values.Select(value => $" {value.Key}:{value.Type}={value.Value}"))}");
        FakeMachine machine = new(name);
        all.Add(machine);
        return Task.FromResult(Summarize(machine));
    }

    public Task<ConfigurationValue[]> ReadConfigurationAsync(string name, string[] keys, CancellationToken cancellationToken)
    {
        Note($"read {Find(name).Name} {string.Join(' ', keys)}".TrimEnd());
        return Task.FromResult(Configuration.Where(value => keys.Length == 0 || keys.Contains(value.Key)).ToArray());
    }

    public Task ChangeConfigurationAsync(string name, ConfigurationValue[] set, string[] unset, CancellationToken cancellationToken)
    {
        Note(string.Join(' ', [$"change "
            + $"{Find(name).Name}", .. set.Select(value => $"{value.Key}:{value.Type}={value.Value}"), .. unset.Select(key => "-" + key)]));
        return Task.CompletedTask;
    }

    public Task<bool> RemoveAsync(string name, bool keepFiles, CancellationToken cancellationToken)
    {
        Note($"remove {name} {keepFiles}");
        all.Remove(Find(name));
        return Task.FromResult(!keepFiles);
    }

    public Task<MachineSummary> RegisterAsync(string file, CancellationToken cancellationToken)
    {
        Note($"register {file}");
        FakeMachine machine = new(Path.GetFileNameWithoutExtension(file));
        all.Add(machine);
        return Task.FromResult(Summarize(machine));
    }

    public Task DiscardSavedStateAsync(string name, CancellationToken cancellationToken) =>
        Become(Find(name), "discard", MachineState.TurnedOff);

    public Task DiscardUndoDisksAsync(string name, CancellationToken cancellationToken)
    {
        Note($"discard undo {Find(name).Name}");
        return Task.CompletedTask;
    }

    public Task<OperationProgress> StartAsync(string name, bool trustParent, CancellationToken cancellationToken)
    {
        FakeMachine machine = Find(name);
        return machine.IsOn
            ? throw new VirtualMachineException(VirtualMachineError.MachineRunning, $"\"{name}\" runs already.")
            : Become(machine, trustParent ? "start trusting" : "start", MachineState.Running);
    }

    public Task<OperationProgress> TurnOffAsync(string name, CancellationToken cancellationToken) =>
        Become(Find(name), "turn off", MachineState.TurnedOff);

    public Task<OperationProgress> ShutDownAsync(string name, bool force, CancellationToken cancellationToken)
    {
        FakeMachine machine = Find(name);
        if (machine.EndsAlready)
        {
            Note($"shut down {machine.Name} again");
            return Task.FromResult(new OperationProgress(
                1, "Shut down", 100, IsComplete: true, VirtualMachineError.ShutdownInProgress, "The guest is ending already."));
        }

        return machine.GuestReacts
            ? Become(machine, force ? "shut down by force" : "shut down", MachineState.TurnedOff)
            : throw new VirtualMachineException(VirtualMachineError.IntegrationComponentsNotAvailable, "The guest does not react.");
    }

    public Task<OperationProgress> SaveAsync(string name, CancellationToken cancellationToken) =>
        Become(Find(name), "save", MachineState.Saved);

    public Task<OperationProgress> ResetAsync(string name, CancellationToken cancellationToken) =>
        Become(Find(name), "reset", MachineState.Running);

    public Task PauseAsync(string name, CancellationToken cancellationToken) => Become(Find(name), "pause", MachineState.Paused);

    public Task ResumeAsync(string name, CancellationToken cancellationToken) => Become(Find(name), "resume", MachineState.Running);

    public Task<OperationProgress> WaitForOperationAsync(int operation, int waitMilliseconds, CancellationToken cancellationToken) =>
        throw new NotSupportedException("All operations are over at once.");

    public async Task<bool> WaitUntilReadyAsync(string name, int waitMilliseconds, CancellationToken cancellationToken)
    {
        FakeMachine machine = Find(name);
        if (machine.IsReady)
        {
            return true;
        }

        if (machine.WhileAwaited is { } happen)
        {
            happen();
            return false;
        }

        HangingCallArrived.TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            HangingCallCancelled.TrySetResult();
        }

        return false;
    }

    public Task OpenChannelAsync(string name, string pipe, int port, CancellationToken cancellationToken)
    {
        FakeMachine machine = Find(name);
        Note($"open {pipe} {port} {name}");
        if (machine.ChannelRefusal is { } refusal)
        {
            throw refusal;
        }

        lock (gate)
        {
            machine.Channels.Add(new ChannelSummary(machine.Name, pipe, port)
            {
                State = CommunicationChannelState.Open, ClientConnected = true, BytesToGuest = 26, BytesToHost = 2048, AgeSeconds = 61,
            });
        }

        return Task.CompletedTask;
    }

    public Task<ChannelSummary[]> ListChannelsAsync(string? name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return Task.FromResult(all
                .Where(machine => name is null || machine == Find(name))
                .SelectMany(machine => machine.Channels)
                .ToArray());
        }
    }

    public Task<ScreenPicture> CaptureScreenAsync(string name, CancellationToken cancellationToken)
    {
        Find(name);
        return Task.FromResult(new ScreenPicture(2, 1, [1, 2, 3]));
    }

    public Task TypeAsync(string name, string text, bool isKeySequence, CancellationToken cancellationToken)
    {
        Note($"type {Find(name).Name} {text} {isKeySequence}");
        return Task.CompletedTask;
    }

    public Task<DeviceSummary[]> ListDevicesAsync(string name, CancellationToken cancellationToken)
    {
        Find(name);
        return Task.FromResult(new DeviceSummary[] { new("Virtual PC Integration Device", 3, "tcp:6174", "host to guest") });
    }

    private static MachineSummary Summarize(FakeMachine machine) =>
        new(machine.Name, machine.State, 512, $"/vm/{machine.Name}.vmc") { PauseReason = machine.PauseReason };

    private Task<OperationProgress> Become(FakeMachine machine, string what, MachineState state)
    {
        machine.State = state;
        Note($"{what} {machine.Name}");
        Changed?.Invoke();
        return Task.FromResult(new OperationProgress(1, $"{what} {machine.Name}", 100, IsComplete: true, Error: null, ErrorText: null));
    }

    private void Note(string call)
    {
        lock (gate)
        {
            calls.Add(call);
        }
    }

    private FakeMachine Find(string name) =>
        all.Find(machine => machine.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw MachineErrors.Unknown(name);
}
