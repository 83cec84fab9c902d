namespace VpcComApi.VpcBus.Diagnostics;

/// <summary>The sums over all channels of a bus, including those that have ended.</summary>
/// <param name="OpenPairs">Pairs that are open now.</param>
/// <param name="BytesSent">Payload bytes sent to the link.</param>
/// <param name="BytesReceived">Payload bytes received from the link.</param>
internal readonly record struct BusTotals(int OpenPairs, long BytesSent, long BytesReceived);
