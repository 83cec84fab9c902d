namespace VpcComApi.CommandLine.Machines;

/// <summary>Who hosts the machines.</summary>
/// <param name="Version">The host's version. A client of another version does not talk to it.</param>
/// <param name="ProcessId">The host's process, or null when it is not known.</param>
/// <param name="SeesChannels">
/// Whether it knows which channels are open and what they have carried, and which devices the guest sees.
/// </param>
internal sealed record HostDescription(string Version, int? ProcessId, bool SeesChannels);
