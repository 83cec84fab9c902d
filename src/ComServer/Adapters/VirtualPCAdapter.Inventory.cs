using VpcComApi.Interop;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <content>What the host has: the computer itself, virtual networks, USB devices, limits, files.</content>
internal sealed partial class VirtualPCAdapter
{
    /// <inheritdoc/>
    public override IVMHostInfo get_HostInfo() => application.AdapterOf(host.Computer);

    /// <inheritdoc/>
    public override int FindVirtualNetwork(string? virtualNetworkName, out IVMVirtualNetwork? virtualNetwork)
    {
        VirtualNetwork? found = host.FindVirtualNetwork(
            Arguments.Require(virtualNetworkName, "FindVirtualNetwork", nameof(virtualNetworkName)));
        virtualNetwork = found is null ? null : application.AdapterOf(found);
        return found is null ? HResults.S_FALSE : HResults.S_OK;
    }

    /// <inheritdoc/>
    public override IVMVirtualNetworkCollection get_VirtualNetworks() =>
        new VirtualNetworkCollectionAdapter(application, host.VirtualNetworks);

    /// <inheritdoc/>
    public override IVMNetworkAdapterCollection get_UnconnectedNetworkAdapters() =>
        new NetworkAdapterCollectionAdapter(application, host.UnconnectedNetworkCards);

    /// <inheritdoc/>
    public override IVMSupportDriverCollection get_SupportDrivers() => new SupportDriverCollectionAdapter(application, host.SupportDrivers);

    /// <inheritdoc/>
    public override int get_MinimumMemoryPerVM() => MachineLimits.MinimumMemoryMegabytes;

    /// <inheritdoc/>
    public override int get_MaximumMemoryPerVM() => MachineLimits.MaximumMemoryMegabytes;

    /// <inheritdoc/>
    public override int get_SuggestedMaximumMemoryPerVM() => host.SuggestedMaximumMemoryMegabytes;

    /// <inheritdoc/>
    public override int get_MaximumFloppyDrivesPerVM() => MachineLimits.FloppyDrives;

    /// <inheritdoc/>
    public override int get_MaximumSerialPortsPerVM() => MachineLimits.SerialPorts;

    /// <inheritdoc/>
    public override int get_MaximumParallelPortsPerVM() => MachineLimits.ParallelPorts;

    /// <inheritdoc/>
    public override int get_MaximumNetworkAdaptersPerVM() => MachineLimits.NetworkCards;

    /// <inheritdoc/>
    public override int get_MaximumNumberOfIDEBuses() => MachineLimits.IdeBuses;

    /// <inheritdoc/>
    public override object get_SearchPaths() => TextArray.Of(host.SearchPaths);

    /// <inheritdoc/>
    public override void put_SearchPaths(object? searchPaths) => host.SearchPaths = TextArray.Read(searchPaths, "SearchPaths");

    /// <inheritdoc/>
    public override object GetHardDiskFiles(object? inAdditionalSearchPaths)
    {
        IReadOnlyList<string> folders = TextArray.ReadOptional(inAdditionalSearchPaths, "GetHardDiskFiles");
        return TextArray.Of(host.FindHardDiskFiles(folders, application.Stopping));
    }

    /// <inheritdoc/>
    public override object GetVirtualMachineFiles(object? inAdditionalSearchPaths, bool inExcludedRegisteredVMs)
    {
        IReadOnlyList<string> folders = TextArray.ReadOptional(inAdditionalSearchPaths, "GetVirtualMachineFiles");
        return TextArray.Of(host.FindConfigurationFiles(folders, inExcludedRegisteredVMs, application.Stopping));
    }

    /// <inheritdoc/>
    public override object GetFloppyDiskFiles(object? inAdditionalSearchPaths)
    {
        IReadOnlyList<string> folders = TextArray.ReadOptional(inAdditionalSearchPaths, "GetFloppyDiskFiles");
        return TextArray.Of(host.FindFloppyDiskFiles(folders, application.Stopping));
    }

    /// <inheritdoc/>
    public override object GetDVDFiles(object? inAdditionalSearchPaths)
    {
        IReadOnlyList<string> folders = TextArray.ReadOptional(inAdditionalSearchPaths, "GetDVDFiles");
        return TextArray.Of(host.FindDvdFiles(folders, application.Stopping));
    }

    /// <inheritdoc/>
    public override IVMUSBDeviceCollection get_USBDeviceCollection() => new UsbDeviceCollectionAdapter(application, host.UsbDevices);
}
