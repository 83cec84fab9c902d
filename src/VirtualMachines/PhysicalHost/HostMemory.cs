namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>The host's memory at one moment.</summary>
/// <param name="TotalMegabytes">All of it, in whole megabytes.</param>
/// <param name="AvailableMegabytes">What programs can have now without swapping, in whole megabytes.</param>
public sealed record HostMemory(long TotalMegabytes, long AvailableMegabytes);
