using System.Globalization;
using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.PhysicalHost;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMHostInfo: the computer that the server runs on.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="computer">The computer.</param>
[GeneratedComClass]
internal sealed partial class HostInfoAdapter(
    Application application, HostComputer computer) : VMHostInfoBase(application.Dispatcher), IDescribedObject
{
    /// <summary>What separates the ports in the one text of <see cref="get_SerialPorts"/>.</summary>
    private const char PortSeparator = ';';

    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.HostInfoClass;

    /// <inheritdoc/>
    public override int get_LogicalProcessorCount() => computer.Processor.LogicalCount;

    /// <inheritdoc/>
    public override int get_PhysicalProcessorCount() => computer.Processor.PhysicalCount;

    /// <inheritdoc/>
    public override int get_ProcessorSpeed() => computer.Processor.Megahertz;

    /// <inheritdoc/>
    public override string get_ProcessorSpeedString() => computer.Processor.SpeedText;

    /// <inheritdoc/>
    public override string get_ProcessorManufacturerString() => computer.Processor.Manufacturer;

    /// <inheritdoc/>
    public override string get_ProcessorVersionString() => computer.Processor.Model;

    /// <inheritdoc/>
    public override string get_ProcessorFeaturesString() => computer.Processor.FeaturesText;

    /// <inheritdoc/>
    public override bool get_MMX() => computer.Processor.HasMmx;

    /// <inheritdoc/>
    public override bool get_SSE() => computer.Processor.HasSse;

    /// <inheritdoc/>
    public override bool get_SSE2() => computer.Processor.HasSse2;

    /// <inheritdoc/>
    public override bool get_ThreeDNow() => computer.Processor.Has3DNow;

    /// <inheritdoc/>
    public override object get_Memory() => (decimal)computer.Memory.TotalMegabytes;

    /// <inheritdoc/>
    public override string get_MemoryTotalString() => computer.Memory.TotalMegabytes.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override object get_MemoryAvail() => (decimal)computer.Memory.AvailableMegabytes;

    /// <inheritdoc/>
    public override string get_MemoryAvailString() => computer.Memory.AvailableMegabytes.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string get_OperatingSystem() => computer.OperatingSystem.Name;

    /// <inheritdoc/>
    public override string get_OSVersionString() => computer.OperatingSystem.Version.ToString();

    /// <inheritdoc/>
    public override int get_OSMajorVersion() => computer.OperatingSystem.Version.Major;

    /// <inheritdoc/>
    public override int get_OSMinorVersion() => computer.OperatingSystem.Version.Minor;

    /// <inheritdoc/>
    public override string get_OSServicePackString() => computer.OperatingSystem.ServicePack;

    /// <inheritdoc/>
    public override object get_NetworkAdapters() => TextArray.Of(computer.NetworkAdapters.Select(adapter => adapter.Name));

    /// <inheritdoc/>
    public override object get_NetworkAddresses() => TextArray.Of(computer.NetworkAddresses);

    /// <inheritdoc/>
    public override object get_DVDDrives() => TextArray.Of(computer.DvdDrives);

    /// <inheritdoc/>
    public override object get_FloppyDrives() => TextArray.Of(computer.FloppyDrives);

    /// <inheritdoc/>
    public override string get_SerialPorts() => string.Join(PortSeparator, computer.SerialPorts);

    /// <inheritdoc/>
    public override string get_ParallelPort() => computer.ParallelPorts is [string first, ..] ? first : string.Empty;

    /// <inheritdoc/>
    public override DateTime get_UTCTime() => computer.UtcTime;
}
