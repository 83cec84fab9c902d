namespace VpcComApi.CommandLine.Machines;

/// <summary>One open communication channel.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="Pipe">The pipe's name, <c>\\.\pipe\NAME</c>.</param>
/// <param name="Port">The TCP port in the guest.</param>
/// <param name="ClientConnected">Whether a client has opened the pipe; null where the host cannot tell.</param>
/// <param name="BytesToGuest">Bytes carried from host to guest; null where the host cannot tell.</param>
/// <param name="BytesToHost">Bytes carried from guest to host; null where the host cannot tell.</param>
/// <param name="AgeSeconds">Seconds since it was opened; null where the host cannot tell.</param>
internal sealed record ChannelSummary(
    string Machine, string Pipe, int Port, bool? ClientConnected, long? BytesToGuest, long? BytesToHost, double? AgeSeconds);
