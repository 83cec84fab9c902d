using System.Globalization;
using System.Reflection;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.SupportDrivers;

/// <summary>
/// What the product has installed on the host to run machines. The original installs drivers of the kernel; here the machine providers are
/// what runs machines, and nothing is installed besides, so each provider stands for one.
/// </summary>
/// <param name="Type">What it is for.</param>
/// <param name="Description">What it is, for people.</param>
/// <param name="Manufacturer">Who made it.</param>
/// <param name="Provider">Who provides it.</param>
/// <param name="Version">Its version, <c>major.minor.build.revision</c>.</param>
/// <param name="Date">When it was built, <c>year-month-day</c>; empty when nobody knows.</param>
public sealed record SupportDriver(
    SupportDriverType Type, string Description, string Manufacturer, string Provider, string Version, string Date)
{
    private const string Maker = "VpcComApi";

    /// <summary>Describes a machine provider.</summary>
    /// <param name="provider">The provider.</param>
    internal static SupportDriver Of(IMachineProvider provider)
    {
        Assembly assembly = provider.GetType().Assembly;
        return new SupportDriver(
            SupportDriverType.VirtualMachineMonitor,
            $"Machine provider '{provider.Name}'",
            Maker,
            assembly.GetCustomAttribute<AssemblyProductAttribute>()?.Product ?? Maker,
            (assembly.GetName().Version ?? new Version(1, 0, 0, 0)).ToString(),
            ReadBuildDate());
    }

    private static string ReadBuildDate() => Environment.ProcessPath is { } program && File.Exists(program)
        ? File.GetLastWriteTimeUtc(program).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : string.Empty;
}
