using System.Runtime.InteropServices;

namespace VpcComApi.FaultRun.Transfer;

/// <summary>What one end of one transfer has done so far. Lies in a mapped file, so that it outlives its writer.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TransferCounts
{
    /// <summary>Bytes that it wants to send.</summary>
    public long Wanted;

    /// <summary>Bytes that it has begun to write.</summary>
    public long Begun;

    /// <summary>Bytes whose write has succeeded.</summary>
    public long Sent;

    /// <summary>Bytes that came and were the right ones.</summary>
    public long Received;

    /// <summary>How receiving ended: a <see cref="TransferEnd"/>.</summary>
    public long ReceiveEnd;

    /// <summary>How sending ended: a <see cref="TransferEnd"/>. Written before <see cref="ReceiveEnd"/>.</summary>
    public long SendEnd;

    /// <summary>How the transfer ended, all in all.</summary>
    public readonly TransferEnd End => (TransferEnd)ReceiveEnd is var received && received != TransferEnd.Complete
        ? received
        : (TransferEnd)SendEnd;

    /// <summary>
    /// Whether it was told that the other end had said all it had to say, though it had not. A connection that is reset tells that once, to
    /// the read or to the write under way; the other one then sees a plain end.
    /// </summary>
    public readonly bool WasToldAnOrderlyEnd =>
        (TransferEnd)ReceiveEnd == TransferEnd.EndedEarly && (TransferEnd)SendEnd != TransferEnd.Broken;
}
