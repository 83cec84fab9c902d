using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>Lists the host's network adapters as .NET sees them on every system.</summary>
internal static class NetworkAdapterReader
{
    /// <summary>The adapters that carry Ethernet frames, wired or wireless, each with a name of its own.</summary>
    /// <param name="isVirtual">Says which ones are no adapters but software: bridges, tunnels.</param>
    public static IReadOnlyList<HostNetworkAdapter> ReadAdapters(Func<NetworkInterface, bool> isVirtual) => ReadInterfaces()
        .Where(candidate => candidate.NetworkInterfaceType is NetworkInterfaceType.Ethernet or NetworkInterfaceType.GigabitEthernet
            or NetworkInterfaceType.FastEthernetT or NetworkInterfaceType.FastEthernetFx or NetworkInterfaceType.Wireless80211)
        .Where(candidate => !isVirtual(candidate))
        .Select(adapter => new HostNetworkAdapter(adapter.Description, adapter.NetworkInterfaceType == NetworkInterfaceType.Wireless80211))
        .DistinctBy(adapter => adapter.Name, StringComparer.OrdinalIgnoreCase)
        .OrderBy(adapter => adapter.Name, StringComparer.OrdinalIgnoreCase)
        .ToList();

    /// <summary>The IPv4 addresses of the adapters that are up, without those of the loopback.</summary>
    public static IReadOnlyList<string> ReadAddresses() => ReadInterfaces()
        .Where(candidate => candidate.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
            && candidate.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(adapter => adapter.GetIPProperties().UnicastAddresses)
        .Where(entry => entry.Address.AddressFamily == AddressFamily.InterNetwork)
        .Select(entry => entry.Address.ToString())
        .Distinct()
        .ToList();

    private static NetworkInterface[] ReadInterfaces()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces();
        }
        catch (NetworkInformationException)
        {
            // A host that does not report any has none to offer.
            return [];
        }
    }
}
