namespace VpcComApi.VpcBus.Diagnostics;

/// <summary>What all channels of a bus have done, those that have ended included.</summary>
/// <param name="OpenPairs">Pairs that are open now.</param>
/// <param name="BytesSent">Payload bytes handed to the link.</param>
/// <param name="BytesReceived">Payload bytes taken from the link.</param>
internal readonly record struct BusTotals(int OpenPairs, long BytesSent, long BytesReceived);
