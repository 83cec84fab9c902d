namespace VpcComApi.VirtualMachines.Channels;

/// <summary>What one open communication channel is and has done: a copy of one moment.</summary>
/// <param name="PipeName">The bare name of the pipe.</param>
/// <param name="GuestPort">The TCP port in the guest.</param>
/// <param name="ClientConnected">Whether a client has opened the pipe.</param>
/// <param name="BytesToGuest">Bytes carried from host to guest.</param>
/// <param name="BytesToHost">Bytes carried from guest to host.</param>
/// <param name="Age">Time since the channel was opened.</param>
public sealed record CommunicationChannelStatus(
    string PipeName, int GuestPort, bool ClientConnected, long BytesToGuest, long BytesToHost, TimeSpan Age);
