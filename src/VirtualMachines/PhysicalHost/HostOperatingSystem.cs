namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>The host's operating system.</summary>
/// <param name="Name">Its name with edition: "Windows 7 Professional", "Debian GNU/Linux 12 (bookworm)".</param>
/// <param name="Version">Its version; on Linux the kernel's.</param>
/// <param name="ServicePack">The service pack's text; empty when there is none.</param>
public sealed record HostOperatingSystem(string Name, Version Version, string ServicePack);
