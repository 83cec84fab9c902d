using VpcComApi.Interop;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>Checks what only COM can get wrong about an argument: a null pointer, an object from elsewhere, an index.</summary>
internal static class Arguments
{
    /// <summary>Refuses a NULL text.</summary>
    /// <param name="text">The argument.</param>
    /// <param name="member">The member, as scripts write it.</param>
    /// <param name="parameter">The parameter's name in the contract.</param>
    public static string Require(string? text, string member, string parameter) => text ?? throw Missing(member, parameter);

    /// <summary>Refuses a NULL address.</summary>
    /// <param name="address">The argument.</param>
    /// <param name="member">The member, as scripts write it.</param>
    /// <param name="parameter">The parameter's name in the contract.</param>
    public static void Require(nint address, string member, string parameter)
    {
        if (address == 0)
        {
            throw Missing(member, parameter);
        }
    }

    /// <summary>Finds the machine behind an argument.</summary>
    /// <param name="machine">The argument.</param>
    /// <param name="member">The member, as scripts write it.</param>
    public static VirtualMachine RequireMachine(IVMVirtualMachine? machine, string member) => machine switch
    {
        VirtualMachineAdapter adapter => adapter.Machine,
        null => throw Missing(member, "virtualMachine"),
        _ => throw Foreign(member, "virtual machine", "FindVirtualMachine or VirtualMachines"),
    };

    /// <summary>Finds the network card behind an argument.</summary>
    /// <param name="card">The argument.</param>
    /// <param name="member">The member, as scripts write it.</param>
    public static NetworkCard RequireNetworkCard(IVMNetworkAdapter? card, string member) => card switch
    {
        NetworkAdapterAdapter adapter => adapter.Card,
        null => throw Missing(member, "networkAdapter"),
        _ => throw Foreign(member, "network adapter of a virtual machine", "NetworkAdapters"),
    };

    /// <summary>Finds the virtual network behind an argument.</summary>
    /// <param name="network">The argument.</param>
    /// <param name="member">The member, as scripts write it.</param>
    public static VirtualNetwork RequireNetwork(IVMVirtualNetwork? network, string member) => network switch
    {
        VirtualNetworkAdapter adapter => adapter.Network,
        null => throw Missing(member, "virtualNetwork"),
        _ => throw Foreign(member, "virtual network", "FindVirtualNetwork or VirtualNetworks"),
    };

    /// <summary>Finds the USB device behind an argument.</summary>
    /// <param name="device">The argument.</param>
    /// <param name="member">The member, as scripts write it.</param>
    public static UsbDevice RequireUsbDevice(IVMUSBDevice? device, string member) => device switch
    {
        UsbDeviceAdapter adapter => adapter.Device,
        null => throw Missing(member, "inUSBDevice"),
        _ => throw Foreign(member, "USB device", "USBDeviceCollection"),
    };

    /// <summary>Finds the hard disk behind an argument.</summary>
    /// <param name="disk">The argument.</param>
    /// <param name="member">The member, as scripts write it.</param>
    public static HardDisk RequireHardDisk(IVMHardDisk? disk, string member) => disk switch
    {
        HardDiskAdapter adapter => adapter.Disk,
        null => throw Missing(member, "parent"),
        _ => throw Foreign(member, "hard disk", "GetHardDisk"),
    };

    /// <summary>Finds the connection of a hard disk behind an argument.</summary>
    /// <param name="connection">The argument.</param>
    /// <param name="member">The member, as scripts write it.</param>
    public static HardDiskConnection RequireConnection(IVMHardDiskConnection? connection, string member) => connection switch
    {
        HardDiskConnectionAdapter adapter => adapter.Connection,
        null => throw Missing(member, "hardDiskConnection"),
        _ => throw Foreign(member, "connection of a hard disk", "HardDiskConnections"),
    };

    /// <summary>Finds the DVD drive behind an argument.</summary>
    /// <param name="drive">The argument.</param>
    /// <param name="member">The member, as scripts write it.</param>
    public static DvdDrive RequireDvdDrive(IVMDVDDrive? drive, string member) => drive switch
    {
        DVDDriveAdapter adapter => adapter.Drive,
        null => throw Missing(member, "dvdDrive"),
        _ => throw Foreign(member, "DVD drive", "DVDROMDrives"),
    };

    /// <summary>Finds an element of a collection, which counts from 1.</summary>
    /// <typeparam name="T">What the collection holds.</typeparam>
    /// <param name="elements">The collection's elements.</param>
    /// <param name="index">The argument.</param>
    /// <param name="collection">The collection, as scripts write it.</param>
    public static T At<T>(IReadOnlyList<T> elements, int index, string collection) => index >= 1 && index <= elements.Count
        ? elements[index - 1]
        : throw new VirtualMachineException(
            VirtualMachineError.BadIndex,
            elements.Count == 0
                ? $"{collection} has no element {index}: it is empty."
                : $"{collection} has no element {index}: the index goes from 1 to {elements.Count}.");

    private static VirtualMachineException Foreign(string member, string what, string source) => new(
        VirtualMachineError.InvalidArgument, $"{member}: the object is not a {what} of this Virtual PC. Get it from {source}.");

    private static VirtualMachineException Missing(string member, string parameter) =>
        new(VirtualMachineError.MissingArgument, $"{member}: the argument {parameter} is missing (NULL).");
}
