namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>One network adapter of the host, wired or wireless.</summary>
/// <param name="Name">What the operating system calls it; unique on this host.</param>
/// <param name="IsWireless">Whether it is a wireless one.</param>
public sealed record HostNetworkAdapter(string Name, bool IsWireless);
