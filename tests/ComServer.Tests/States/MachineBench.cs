using VpcComApi.ComServer.Adapters;
using VpcComApi.ComServer.Tests.Adapters;
using VpcComApi.Interop;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;

namespace VpcComApi.ComServer.Tests.States;

/// <summary>
/// One machine in one state, with every COM object that belongs to it. All objects are fetched while the machine runs, when all can be had;
/// clients may keep them as long as they like.
/// </summary>
internal sealed class MachineBench : IAsyncDisposable
{
    private const int DiskMegabytes = 16;

    private readonly HeldProvider provider = new();
    private readonly ServedDomain domain;

    private MachineBench() => domain = new ServedDomain(provider);

    /// <summary>The application object.</summary>
    public VirtualPCAdapter Application => domain.Application;

    /// <summary>The machine.</summary>
    public IVMVirtualMachine Machine => domain.Machine;

    /// <summary>The objects that belong to the machine, by interface; an interface that this machine has no object of is missing.</summary>
    public Dictionary<string, object> Objects { get; } = [];

    /// <summary>A folder of the bench's own.</summary>
    public string Folder => domain.Folder.FullPath;

    /// <summary>Makes a machine and brings it into a state.</summary>
    public static async Task<MachineBench> CreateAsync(VMVMState state)
    {
        MachineBench bench = new();
        try
        {
            string disk = bench.domain.Folder.PathOf("disk.vhd");
            Finish(bench.Application.CreateDynamicVirtualHardDisk(disk, DiskMegabytes));
            bench.Machine.AddHardDiskConnection(disk, 0, 0);
            Finish(bench.Machine.Startup());
            bench.FetchObjects();
            await bench.BringIntoAsync(state);
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for a task.</summary>
    public static void Finish(IVMTask task)
    {
        const int Limit = 30_000;
        task.WaitForCompletion(Limit);
        Assert.That(task.get_IsComplete(), Is.True, task.get_Description());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        provider.Release();
        await domain.DisposeAsync();
    }

    private async Task BringIntoAsync(VMVMState state)
    {
        switch (state)
        {
            case VMVMState.vmVMState_Running:
                break;
            case VMVMState.vmVMState_Paused:
                Machine.Pause();
                break;
            case VMVMState.vmVMState_TurnedOff:
                Finish(Machine.TurnOff());
                break;
            case VMVMState.vmVMState_Saved:
                Finish(Machine.Save());
                break;
            case VMVMState.vmVMState_TurningOn:
                Finish(Machine.TurnOff());
                provider.Hold();
                Machine.Startup();
                break;
            case VMVMState.vmVMState_Restoring:
                Finish(Machine.Save());
                provider.Hold();
                Machine.Startup();
                break;
            case VMVMState.vmVMState_Saving:
                provider.Hold();
                Machine.Save();
                break;
            case VMVMState.vmVMState_TurningOff:
                provider.Hold();
                Machine.TurnOff();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(state), state, "No machine is brought into this state.");
        }

        await Wait.UntilAsync(() => Machine.get_State() == state, $"{state}");
    }

    private void FetchObjects()
    {
        Fetch("IVMVirtualMachine", () => Machine);
        Fetch("IVMGuestOS", Machine.get_GuestOS);
        Fetch("IVMAccountant", Machine.get_Accountant);
        Fetch("IVMDisplay", Machine.get_Display);
        Fetch("IVMKeyboard", Machine.get_Keyboard);
        Fetch("IVMMouse", Machine.get_Mouse);
        Fetch("IVMNetworkAdapterCollection", Machine.get_NetworkAdapters);
        Fetch("IVMNetworkAdapter", () => Machine.get_NetworkAdapters().get_Item(1));
        Fetch("IVMSerialPortCollection", Machine.get_SerialPorts);
        Fetch("IVMSerialPort", () => Machine.get_SerialPorts().get_Item(1));
        Fetch("IVMParallelPortCollection", Machine.get_ParallelPorts);
        Fetch("IVMParallelPort", () => Machine.get_ParallelPorts().get_Item(1));
        Fetch("IVMFloppyDriveCollection", Machine.get_FloppyDrives);
        Fetch("IVMFloppyDrive", () => Machine.get_FloppyDrives().get_Item(1));
        Fetch("IVMDVDDriveCollection", Machine.get_DVDROMDrives);
        Fetch("IVMDVDDrive", () => Machine.get_DVDROMDrives().get_Item(1));
        Fetch("IVMHardDiskConnectionCollection", Machine.get_HardDiskConnections);
        Fetch("IVMHardDiskConnection", () => Machine.get_HardDiskConnections().get_Item(1));
    }

    private void Fetch(string interfaceName, Func<object> get)
    {
        try
        {
            Objects[interfaceName] = get();
        }
        catch (MemberNotImplementedException)
        {
            // Not implemented yet, as stated on the compatibility page.
        }
        catch (VirtualMachineException e) when (e.Error == VirtualMachineError.BadIndex)
        {
            // The machine has none.
        }
    }
}
