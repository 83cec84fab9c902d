namespace VpcComApi.VirtualMachines.Channels;

/// <summary>One direction of a communication channel at one moment.</summary>
/// <param name="Bytes">Bytes carried.</param>
/// <param name="Stalls">How often the reader was so far behind that the sender had to wait.</param>
/// <param name="FreeWindow">Bytes that can still be sent before the reader reads on.</param>
public readonly record struct CommunicationChannelDirection(long Bytes, long Stalls, long FreeWindow);
