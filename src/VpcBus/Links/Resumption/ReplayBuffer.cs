namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>The bytes of a stream that were written and are not yet acknowledged, by their numbers in the stream.</summary>
/// <param name="capacity">The capacity in bytes.</param>
internal sealed class ReplayBuffer(int capacity)
{
    private readonly byte[] ring = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>The number of the oldest byte that is kept.</summary>
    public ulong Start { get; private set; }

    /// <summary>The number after that of the newest one.</summary>
    public ulong End { get; private set; }

    /// <summary>The capacity in bytes.</summary>
    public int Capacity => ring.Length;

    /// <summary>Bytes that can be added.</summary>
    public int Room => ring.Length - (int)(End - Start);

    /// <summary>Adds as many bytes as there is room for, and returns how many.</summary>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        int length = Math.Min(bytes.Length, Room);
        int at = (int)(End % (ulong)ring.Length);
        int first = Math.Min(length, ring.Length - at);
        bytes[..first].CopyTo(ring.AsSpan(at));
        bytes[first..length].CopyTo(ring);
        End += (ulong)length;
        return length;
    }

    /// <summary>Copies bytes out.</summary>
    /// <param name="from">The number of the first one. The range must be within the buffer.</param>
    /// <param name="target">Receives the bytes.</param>
    public void CopyTo(ulong from, Span<byte> target)
    {
        int at = (int)(from % (ulong)ring.Length);
        int first = Math.Min(target.Length, ring.Length - at);
        ring.AsSpan(at, first).CopyTo(target);
        ring.AsSpan(0, target.Length - first).CopyTo(target[first..]);
    }

    /// <summary>Removes all bytes before a number.</summary>
    public void Release(ulong before) => Start = Math.Max(Start, Math.Min(before, End));
}
