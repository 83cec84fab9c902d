using System.Runtime.InteropServices;

namespace VpcComApi.FaultRun.Transfer;

/// <summary>
/// The counts of one end of one transfer so far. Stored in a mapped file, so that they are available after their writer was killed.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TransferCounts
{
    /// <summary>Bytes that it is to send.</summary>
    public long Wanted;

    /// <summary>Bytes that it has begun to write.</summary>
    public long Begun;

    /// <summary>Bytes whose write has succeeded.</summary>
    public long Sent;

    /// <summary>Correct bytes that arrived.</summary>
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
    /// Whether it got a normal end of the bytes although not all of them had arrived. A reset of a connection is reported once, to the
    /// pending read or write; the other one then gets a normal end.
    /// </summary>
    public readonly bool WasToldAnOrderlyEnd =>
        (TransferEnd)ReceiveEnd == TransferEnd.EndedEarly && (TransferEnd)SendEnd != TransferEnd.Broken;
}
