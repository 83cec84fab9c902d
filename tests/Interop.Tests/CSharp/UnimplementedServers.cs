using System.Runtime.InteropServices.Marshalling;
using VpcComApi.Interop.Tests.Calls;

namespace VpcComApi.Interop.Tests.CSharp;

/// <summary>For each dual interface, a served class that overrides nothing: the least that a server can write.</summary>
internal static partial class UnimplementedServers
{
    /// <summary>Makes the class that serves an interface.</summary>
    /// <param name="interfaceName">The interface, for example <c>IVMTask</c>.</param>
    public static DispatchBase Create(string interfaceName)
    {
        Type type = typeof(UnimplementedServers).GetNestedType(interfaceName[1..], System.Reflection.BindingFlags.NonPublic)
            ?? throw new InvalidOperationException($"No class here serves {interfaceName}.");
        return (DispatchBase)Activator.CreateInstance(type)!;
    }

    [GeneratedComClass]
    private sealed partial class VMAccountant() : VMAccountantBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMHardDiskConnection() : VMHardDiskConnectionBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMHardDiskConnectionCollection() : VMHardDiskConnectionCollectionBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMFloppyDrive() : VMFloppyDriveBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMFloppyDriveCollection() : VMFloppyDriveCollectionBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMDVDDrive() : VMDVDDriveBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMDVDDriveCollection() : VMDVDDriveCollectionBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMGuestOS() : VMGuestOSBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMNetworkAdapter() : VMNetworkAdapterBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMNetworkAdapterCollection() : VMNetworkAdapterCollectionBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMDisplay() : VMDisplayBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMMouse() : VMMouseBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMKeyboard() : VMKeyboardBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMParallelPort() : VMParallelPortBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMParallelPortCollection() : VMParallelPortCollectionBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMSerialPort() : VMSerialPortBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMSerialPortCollection() : VMSerialPortCollectionBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMTask() : VMTaskBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMUSBDevice() : VMUSBDeviceBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMUSBDeviceCollection() : VMUSBDeviceCollectionBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMVirtualMachine() : VMVirtualMachineBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMVirtualMachineCollection() : VMVirtualMachineCollectionBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMSupportDriver() : VMSupportDriverBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMSupportDriverCollection() : VMSupportDriverCollectionBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMHostInfo() : VMHostInfoBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMVirtualNetworkCollection() : VMVirtualNetworkCollectionBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMVirtualNetwork() : VMVirtualNetworkBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMHardDisk() : VMHardDiskBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMTaskCollection() : VMTaskCollectionBase(new NoDispatcher());

    [GeneratedComClass]
    private sealed partial class VMVirtualPC() : VMVirtualPCBase(new NoDispatcher());
}
