namespace VpcComApi.VirtualMachines.Emulated.Links;

/// <summary>A connection to a machine's bus device.</summary>
/// <param name="Stream">The stream of the connection.</param>
/// <param name="ProcessId">The process at the other end, or null if the platform does not provide it.</param>
internal sealed record GuestLink(Stream Stream, int? ProcessId);
