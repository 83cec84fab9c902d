using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>The machines of the domain in this process. Translates and decides nothing.</summary>
/// <param name="host">The domain.</param>
/// <param name="description">This process.</param>
/// <param name="requestEnd">Called when another program wants to take this process's place.</param>
internal sealed class DomainMachines(VirtualMachineHost host, HostDescription description, Action requestEnd) : IMachines
{
    private const string PipePrefix = @"\\.\pipe\";

    /// <inheritdoc/>
    public Task<HostDescription> GetHostAsync(CancellationToken cancellationToken) => Task.FromResult(description);

    /// <inheritdoc/>
    public Task<bool> EndHostIfIdleAsync(CancellationToken cancellationToken)
    {
        if (host.IsBusy)
        {
            return Task.FromResult(false);
        }

        requestEnd();
        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public Task<MachineList> ListAsync(CancellationToken cancellationToken)
    {
        List<MachineSummary> machines = [];
        List<MachineProblem> problems = [];
        foreach (VirtualMachine machine in host.VirtualMachines)
        {
            try
            {
                machines.Add(Summarize(machine));
            }
            catch (VirtualMachineException e)
            {
                // Removed or damaged since; the others are not hidden by it.
                problems.Add(new MachineProblem(machine.Name, machine.ConfigurationFile, e.Message));
            }
        }

        // All are chosen before one is inserted: several lines of one list can be problems.
        problems.InsertRange(0, [.. host.Problems
            .Where(problem => problems.All(known => known.File != problem.File))
            .Select(problem => new MachineProblem(problem.Name, problem.File, problem.Reason))]);
        return Task.FromResult(new MachineList([.. machines], [.. problems]));
    }

    /// <inheritdoc/>
    public async Task<MachineDetails> GetAsync(string name, CancellationToken cancellationToken)
    {
        VirtualMachine machine = Find(name);
        MachineDetails details = new()
        {
            Name = machine.Name,
            State = machine.State,
            PauseReason = machine.PauseReason,
            Ready = await IsReadyAsync(machine, TimeSpan.Zero, cancellationToken),
            MemoryMegabytes = machine.MemoryMegabytes,
            File = machine.ConfigurationFile,
            ChassisAssetTag = machine.ChassisAssetTag,
        };
        return details.Ready ? WithGuest(details, machine.GuestOS) : details;
    }

    /// <inheritdoc/>
    public Task<MachineSummary> CreateAsync(
        string name, string? folder, int? memoryMegabytes, string? disk, ConfigurationValue[] values,
        CancellationToken cancellationToken) =>
        Task.FromResult(Summarize(host.CreateVirtualMachine(name, folder ?? host.DefaultConfigurationPath, machine =>
        {
            if (memoryMegabytes is { } megabytes)
            {
                machine.MemoryMegabytes = megabytes;
            }

            if (disk is not null)
            {
                machine.AddHardDiskConnection(disk, bus: 0, device: 0);
            }

            Change(machine, values, []);
        })));

    /// <inheritdoc/>
    public Task<ConfigurationValue[]> ReadConfigurationAsync(string name, string[] keys, CancellationToken cancellationToken)
    {
        VirtualMachine machine = FindRegistered(name);
        return Task.FromResult<ConfigurationValue[]>(keys.Length == 0
            ? [.. MachineFileValues.Read(machine.ConfigurationFile).Select(value => ConfigurationValue.Of(value.Key, value.Value))]
            : [.. keys.Select(key => ConfigurationValue.Of(key, machine.ConfigurationValues.GetValue(key)))]);
    }

    /// <inheritdoc/>
    public Task ChangeConfigurationAsync(string name, ConfigurationValue[] set, string[] unset, CancellationToken cancellationToken)
    {
        Change(FindRegistered(name), set, unset);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<MachineSummary> RegisterAsync(string file, CancellationToken cancellationToken) =>
        Task.FromResult(Summarize(host.RegisterVirtualMachine(name: null, file)));

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(string name, bool keepFiles, CancellationToken cancellationToken) =>
        Task.FromResult(host.RemoveVirtualMachine(FindRegistered(name), keepFiles));

    /// <inheritdoc/>
    public Task<OperationProgress> StartAsync(string name, bool trustParent, CancellationToken cancellationToken) =>
        Task.FromResult(Describe(Find(name).Startup(trustParent ? StartupOption.FixParentTimestampMismatch : StartupOption.Normal)));

    /// <inheritdoc/>
    public Task<OperationProgress> TurnOffAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(Describe(Find(name).TurnOff()));

    /// <inheritdoc/>
    public Task<OperationProgress> ShutDownAsync(string name, bool force, CancellationToken cancellationToken) =>
        Task.FromResult(Describe(Find(name).GuestOS.Shutdown(force)));

    /// <inheritdoc/>
    public Task<OperationProgress> SaveAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(Describe(Find(name).Save()));

    /// <inheritdoc/>
    public Task DiscardSavedStateAsync(string name, CancellationToken cancellationToken)
    {
        Find(name).DiscardSavedState();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DiscardUndoDisksAsync(string name, CancellationToken cancellationToken)
    {
        Find(name).DiscardUndoDisks();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<OperationProgress> ResetAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(Describe(Find(name).Reset()));

    /// <inheritdoc/>
    public Task PauseAsync(string name, CancellationToken cancellationToken) => Find(name).PauseAsync(cancellationToken);

    /// <inheritdoc/>
    public Task ResumeAsync(string name, CancellationToken cancellationToken) => Find(name).ResumeAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<OperationProgress> WaitForOperationAsync(int operation, int waitMilliseconds, CancellationToken cancellationToken)
    {
        MachineTask task = host.Tasks.FirstOrDefault(task => task.Id == operation) ?? throw new VirtualMachineException(
            VirtualMachineError.InvalidArgument, $"Operation {operation} is unknown, or ended too long ago.");
        try
        {
            await task.Completion.WaitAsync(WaitOf(waitMilliseconds), cancellationToken);
        }
        catch (TimeoutException)
        {
            // Not over yet: that is an answer too.
        }

        return Describe(task);
    }

    /// <inheritdoc/>
    public Task<bool> WaitUntilReadyAsync(string name, int waitMilliseconds, CancellationToken cancellationToken) =>
        IsReadyAsync(Find(name), WaitOf(waitMilliseconds), cancellationToken);

    /// <inheritdoc/>
    public Task OpenChannelAsync(string name, string pipe, int port, CancellationToken cancellationToken) =>
        Find(name).StartCommunicationChannelAsync(
            EndpointType.NamedPipe,
            pipe,
            EndpointType.TcpIp,
            port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            cancellationToken);

    /// <inheritdoc/>
    public Task<ChannelSummary[]> ListChannelsAsync(string? name, CancellationToken cancellationToken)
    {
        IEnumerable<VirtualMachine> machines = name is null ? host.VirtualMachines : [Find(name)];
        return Task.FromResult(machines.SelectMany(
            machine => machine.CommunicationChannels,
            (machine, channel) => Summarize(machine.Name, channel)).ToArray());
    }

    /// <inheritdoc/>
    public async Task<DeviceSummary[]> ListDevicesAsync(string name, CancellationToken cancellationToken)
    {
        IReadOnlyList<IntegrationDevice> devices = await Find(name).GuestOS.GetIntegrationDevicesAsync(cancellationToken);
        return [.. devices.Select(device => new DeviceSummary(device.Name, device.ChannelId, device.Service, device.Direction))];
    }

    private static ChannelSummary Summarize(string machine, CommunicationChannelStatus channel) =>
        new(machine, PipePrefix + channel.PipeName, channel.GuestPort)
        {
            State = channel.State,
            ClientConnected = channel.ClientConnected,
            BytesToGuest = channel.ToGuest.Bytes,
            BytesToHost = channel.ToHost.Bytes,
            StallsToGuest = channel.ToGuest.Stalls,
            StallsToHost = channel.ToHost.Stalls,
            FreeWindowToGuest = channel.ToGuest.FreeWindow,
            FreeWindowToHost = channel.ToHost.FreeWindow,
            AgeSeconds = Math.Round(channel.Age.TotalSeconds, 3),
            Events = channel.Events,
        };

    /// <inheritdoc/>
    public async Task<ScreenPicture> CaptureScreenAsync(string name, CancellationToken cancellationToken)
    {
        DisplayImage image = await Find(name).Display.CaptureAsync(cancellationToken);
        return new ScreenPicture(image.Width, image.Height, PngFile.Encode(image.Width, image.Pixels.Span));
    }

    /// <inheritdoc/>
    public async Task TypeAsync(string name, string text, bool isKeySequence, CancellationToken cancellationToken)
    {
        using MachineKeyboard keyboard = Find(name).OpenKeyboard();
        await (isKeySequence
            ? keyboard.TypeKeySequenceAsync(text, cancellationToken)
            : keyboard.TypeAsciiTextAsync(text, cancellationToken));
    }

    private static void Change(VirtualMachine machine, IEnumerable<ConfigurationValue> set, IEnumerable<string> unset) =>
        machine.ChangeConfigurationValues(set.Select(value => ((string?)value.Key, (object?)value.ToObject())), unset);

    private static MachineSummary Summarize(VirtualMachine machine) =>
        new(machine.Name, machine.State, machine.MemoryMegabytes, machine.ConfigurationFile) { PauseReason = machine.PauseReason };

    private static MachineDetails WithGuest(MachineDetails details, GuestOperatingSystem guest)
    {
        try
        {
            GuestFacts facts = guest.Facts;
            return details with
            {
                HeartbeatPercent = guest.HeartbeatPercentage,
                ComputerName = facts.ComputerName,
                OperatingSystem = GuestText.OperatingSystem(facts.OSName, facts.OSVersion),
                IntegrationComponentsVersion = guest.IntegrationComponentsVersion,
                ClockOffsetMilliseconds = guest.ClockOffset is { } offset ? (long)offset.TotalMilliseconds : null,
            };
        }
        catch (VirtualMachineException)
        {
            // The guest went meanwhile, or has not answered yet: the machine is described without it.
            return details;
        }
    }

    private static OperationProgress Describe(MachineTask task) => new(
        task.Id,
        task.Description,
        task.PercentCompleted,
        task.IsComplete,
        ErrorOf(task),
        task.Error is { } error ? CommandRemedies.TextOf(error)
            : task.Result == MachineTaskResult.Success ? null
            : $"{task.Description}: {task.Result}.");

    private static VirtualMachineError? ErrorOf(MachineTask task) =>
        task.Error?.Error ?? (task.Result == MachineTaskResult.Success ? null : VirtualMachineError.Unexpected);

    private static async Task<bool> IsReadyAsync(VirtualMachine machine, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait == TimeSpan.Zero && machine.State is not (MachineState.Running or MachineState.Paused))
        {
            return false;
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            Task ready = machine.WaitForChannelReadyAsync(limit.Token);
            if (!ready.IsCompleted)
            {
                limit.CancelAfter(wait);
            }

            await ready;
            return true;
        }
        catch (VirtualMachineException stopped) when (wait == TimeSpan.Zero && stopped.Error == VirtualMachineError.MachineNotRunning)
        {
            // It has stopped since its state was looked at.
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static TimeSpan WaitOf(int milliseconds) =>
        TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, Limits.LongestWaitMilliseconds));

    private VirtualMachine Find(string name) =>
        host.FindVirtualMachine(name) ?? throw (host.FindProblem(name)?.ToRefusal() ?? MachineErrors.Unknown(name));

    private VirtualMachine FindRegistered(string name) => host.FindRegisteredMachine(name) ?? throw MachineErrors.Unknown(name);
}
