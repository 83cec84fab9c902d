namespace VpcComApi.VirtualMachines.Emulated.Links;

/// <summary>Somebody who connected to a machine's bus device.</summary>
/// <param name="Stream">The bytes.</param>
/// <param name="ProcessId">The process at the other end, or null where the platform does not say.</param>
internal sealed record GuestLink(Stream Stream, int? ProcessId);
