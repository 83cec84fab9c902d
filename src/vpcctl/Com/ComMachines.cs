using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Runtime.Versioning;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.CommandLine.Com;

/// <summary>
/// The machines of vpc.exe, through the same COM objects that any script uses. Translates and decides nothing. What the contract has no
/// member for (open channels, integration devices, damaged registrations) cannot be shown here.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class ComMachines : IMachines, IDisposable
{
    private const int ThumbnailWidth = 64;

    private readonly Lock gate = new();
    private readonly HashSet<object> objects = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, IVMTask> tasks = [];
    private readonly List<ChannelSummary> opened = [];
    private readonly IVMVirtualPC application;

    /// <summary>Connects to vpc.exe, which COM starts where it does not run.</summary>
    /// <exception cref="CommandException">It is not registered, or does not start.</exception>
    public ComMachines() => application = Keep(Translate(ComApplication.Create));

    /// <inheritdoc/>
    public Task<HostDescription> GetHostAsync(CancellationToken cancellationToken) => CallAsync(
        () => new HostDescription(application.get_Version(), ProcessId: null, SeesChannels: false), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> EndHostIfIdleAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    /// <inheritdoc/>
    public Task<MachineList> ListAsync(CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            IVMVirtualMachineCollection machines = Keep(application.get_VirtualMachines());
            List<MachineSummary> summaries = [];
            List<MachineProblem> problems = [];
            for (int index = 1; index <= machines.get_Count(); index++)
            {
                IVMVirtualMachine machine = Keep(machines.get_Item(index));
                string name = machine.get_Name();
                string file = machine.get_File();
                try
                {
                    summaries.Add(Translate(() => ComDescriptions.Summarize(machine)));
                }
                catch (VirtualMachineException e)
                {
                    // Removed or damaged since; the others are not hidden by it.
                    problems.Add(new MachineProblem(name, file, e.Message));
                }
            }

            return new MachineList([.. summaries], [.. problems]);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<MachineDetails> GetAsync(string name, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            IVMVirtualMachine machine = Find(name);
            MachineDetails details = new()
            {
                Name = machine.get_Name(),
                State = ComDescriptions.StateOf(machine),
                Ready = ComDescriptions.IsReady(machine, waitMilliseconds: 0),
                MemoryMegabytes = machine.get_Memory(),
                File = machine.get_File(),
                ChassisAssetTag = machine.get_ChassisAssetTag(),
            };
            return details.Ready ? ComDescriptions.WithGuest(details, Keep(machine.get_GuestOS())) : details;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<MachineSummary> CreateAsync(
        string name, string? folder, int? memoryMegabytes, string? disk, ConfigurationValue[] values,
        CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            string path = folder ?? application.get_DefaultVMConfigurationPath();
            NewFolders newFolders = new(path);
            IVMVirtualMachine machine = Keep(application.CreateVirtualMachine(name, path));
            try
            {
                if (memoryMegabytes is { } megabytes)
                {
                    machine.put_Memory(megabytes);
                }

                if (disk is not null)
                {
                    Keep(machine.AddHardDiskConnection(disk, 0, 0));
                }

                Write(machine, values);
            }
            catch
            {
                // The domain undoes a creation itself, but the contract has no one call that makes a machine with all of this, so a
                // creation by several calls is undone here. The caller gets the failure that ended it, whatever the deletion answers.
                _ = application.DeleteVirtualMachine(machine);
                newFolders.RemoveEmpty();
                throw;
            }

            return ComDescriptions.Summarize(machine);
        },
        cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The contract lists no values; the machine's file, which belongs to this user, does.</remarks>
    public Task<ConfigurationValue[]> ReadConfigurationAsync(string name, string[] keys, CancellationToken cancellationToken) =>
        CallAsync<ConfigurationValue[]>(
        () =>
        {
            IVMVirtualMachine machine = Find(name);
            return keys.Length == 0
                ? [.. MachineFileValues.Read(machine.get_File()).Select(value => ConfigurationValue.Of(value.Key, value.Value))]
                : [.. keys.Select(key => ConfigurationValue.Of(key, machine.GetConfigurationValue(key)!))];
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task ChangeConfigurationAsync(string name, ConfigurationValue[] set, string[] unset, CancellationToken cancellationToken) =>
        CallAsync(
        () =>
        {
            IVMVirtualMachine machine = Find(name);
            Write(machine, set);
            foreach (string key in unset)
            {
                machine.RemoveConfigurationValue(key);
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<MachineSummary> RegisterAsync(string file, CancellationToken cancellationToken) => CallAsync(
        () => ComDescriptions.Summarize(Keep(application.RegisterVirtualMachine(string.Empty, file))), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(string name, bool keepFiles, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            IVMVirtualMachine machine = Find(name);
            if (keepFiles)
            {
                application.UnregisterVirtualMachine(machine);
            }
            else
            {
                Marshal.ThrowExceptionForHR(application.DeleteVirtualMachine(machine));
            }

            return !keepFiles;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<OperationProgress> StartAsync(string name, bool trustParent, CancellationToken cancellationToken) => BeginAsync(
        name,
        machine => trustParent ? machine.Startup2(VMStartupOption.vmStartupOption_FixParentTimestampMismatch) : machine.Startup(),
        cancellationToken);

    /// <inheritdoc/>
    public Task<OperationProgress> TurnOffAsync(string name, CancellationToken cancellationToken) =>
        BeginAsync(name, machine => machine.TurnOff(), cancellationToken);

    /// <inheritdoc/>
    public Task<OperationProgress> ShutDownAsync(string name, bool force, CancellationToken cancellationToken) =>
        BeginAsync(name, machine => Keep(machine.get_GuestOS()).Shutdown(force), cancellationToken);

    /// <inheritdoc/>
    public Task<OperationProgress> SaveAsync(string name, CancellationToken cancellationToken) =>
        BeginAsync(name, machine => machine.Save(), cancellationToken);

    /// <inheritdoc/>
    public Task DiscardSavedStateAsync(string name, CancellationToken cancellationToken) =>
        CallAsync(() => Find(name).DiscardSavedState(), cancellationToken);

    /// <inheritdoc/>
    public Task DiscardUndoDisksAsync(string name, CancellationToken cancellationToken) =>
        CallAsync(() => Find(name).DiscardUndoDisks(), cancellationToken);

    /// <inheritdoc/>
    public Task<OperationProgress> ResetAsync(string name, CancellationToken cancellationToken) =>
        BeginAsync(name, machine => machine.Reset(), cancellationToken);

    /// <inheritdoc/>
    public Task PauseAsync(string name, CancellationToken cancellationToken) =>
        CallAsync(() => Find(name).Pause(), cancellationToken);

    /// <inheritdoc/>
    public Task ResumeAsync(string name, CancellationToken cancellationToken) =>
        CallAsync(() => Find(name).Resume(), cancellationToken);

    /// <inheritdoc/>
    public Task<OperationProgress> WaitForOperationAsync(int operation, int waitMilliseconds, CancellationToken cancellationToken) =>
        CallAsync(
        () =>
        {
            IVMTask task;
            lock (gate)
            {
                task = tasks[operation];
            }

            // Answers in the same way whether the task has ended or the time is over: the task says which.
            task.WaitForCompletion(Math.Clamp(waitMilliseconds, 0, Limits.LongestWaitMilliseconds));
            return ComDescriptions.Describe(task);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> WaitUntilReadyAsync(string name, int waitMilliseconds, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            IVMVirtualMachine machine = Find(name);
            if (ComDescriptions.StateOf(machine) is MachineState.TurnedOff or MachineState.Saved)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.MachineNotRunning,
                    $"\"{name}\" stopped before its guest service was up. \"vpcctl log\" may say why.");
            }

            return ComDescriptions.IsReady(machine, Math.Clamp(waitMilliseconds, 0, Limits.LongestWaitMilliseconds));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task OpenChannelAsync(string name, string pipe, int port, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            IVMVirtualMachine machine = Find(name);
            machine.StartCommunicationChannel(
                VMEndpointType.vmEndpoint_NamedPipe, pipe, VMEndpointType.vmEndpoint_TCPIP, port.ToString(CultureInfo.InvariantCulture));
            ChannelSummary channel = new(machine.get_Name(), pipe, port);
            lock (gate)
            {
                opened.Add(channel);
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<ChannelSummary[]> ListChannelsAsync(string? name, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return opened.Count > 0 ? Task.FromResult(opened.ToArray()) : throw NotInContract(
                "which channels are open; \"vpcctl log\" shows how they were opened and ended, \"vmsrvc devices\" in the guest those that "
                    + "are open");
        }
    }

    /// <inheritdoc/>
    public Task<DeviceSummary[]> ListDevicesAsync(string name, CancellationToken cancellationToken) =>
        throw NotInContract("which devices a guest sees; \"vmsrvc devices\" in the guest does");

    /// <inheritdoc/>
    /// <remarks>The contract shows no more of a display than its thumbnail.</remarks>
    public Task<ScreenPicture> CaptureScreenAsync(string name, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            object?[] thumbnail = Keep(Find(name).get_Display()).get_Thumbnail() as object?[]
                ?? throw new InvalidOperationException("The thumbnail is no array.");
            uint[] pixels = Array.ConvertAll(
                thumbnail, pixel => ComDescriptions.ColorOf(Convert.ToUInt32(pixel, CultureInfo.InvariantCulture)));
            return new ScreenPicture(ThumbnailWidth, pixels.Length / ThumbnailWidth, PngFile.Encode(ThumbnailWidth, pixels));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task TypeAsync(string name, string text, bool isKeySequence, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            IVMKeyboard keyboard = Keep(Find(name).get_Keyboard());
            if (isKeySequence)
            {
                keyboard.TypeKeySequence(text);
            }
            else
            {
                keyboard.TypeAsciiText(text);
            }
        },
        cancellationToken);

    /// <summary>Lets all objects go, so that vpc.exe knows at once that nobody needs it.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (ComObject released in objects.OfType<ComObject>())
            {
                released.FinalRelease();
            }

            objects.Clear();
        }
    }

    private static VirtualMachineException NotInContract(string what) => new(
        VirtualMachineError.NotImplemented, $"vpc.exe cannot say {what}: the COM contract has no member for it.");

    private static void Write(IVMVirtualMachine machine, IEnumerable<ConfigurationValue> values)
    {
        foreach (ConfigurationValue value in values)
        {
            machine.SetConfigurationValue(value.Key, value.ToObject());
        }
    }

    private static T Translate<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is not (VirtualMachineException or OperationCanceledException))
        {
            throw ComErrors.ToException(e, ComErrorText.Take());
        }
    }

    private static Task<T> CallAsync<T>(Func<T> call, CancellationToken cancellationToken) =>
        Task.Run(() => Translate(call), cancellationToken).WaitAsync(cancellationToken);

    private static Task<bool> CallAsync(Action call, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            call();
            return true;
        },
        cancellationToken);

    private Task<OperationProgress> BeginAsync(string name, Func<IVMVirtualMachine, IVMTask> begin, CancellationToken cancellationToken) =>
        CallAsync(
            () =>
            {
                IVMTask task = Keep(begin(Find(name)));
                lock (gate)
                {
                    tasks[task.get_ID()] = task;
                }

                return ComDescriptions.Describe(task);
            },
            cancellationToken);

    private IVMVirtualMachine Find(string name)
    {
        Marshal.ThrowExceptionForHR(application.FindVirtualMachine(name, out IVMVirtualMachine? machine));
        return machine is null ? throw MachineErrors.UnknownToContract(name) : Keep(machine);
    }

    private T Keep<T>(T instance)
        where T : class
    {
        lock (gate)
        {
            objects.Add(instance);
        }

        return instance;
    }
}
