namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>
/// Cuts what comes from a byte link into frames. In order, frame follows frame, with zeros in between at most. While it seeks, everything
/// is skipped up to a whole Sync. It believes nothing: a frame comes out only when its checksum is right.
/// </summary>
internal sealed class LinkFrameReader
{
    /// <summary>Room for a few of the largest frames, so that one read takes several.</summary>
    private const int BufferSize = 4 * (LinkProtocol.HeaderLength + LinkProtocol.MaxPayload);

    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int start;
    private int end;

    /// <summary>What <see cref="TryRead"/> and <see cref="TrySeek"/> found.</summary>
    public enum Outcome
    {
        /// <summary>More bytes are needed.</summary>
        Incomplete,

        /// <summary>A frame.</summary>
        Frame,

        /// <summary>Something that is no frame: bytes were lost or are not of this stream.</summary>
        Damaged,
    }

    /// <summary>Where the next bytes of the link go; never empty.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                end -= start;
                start = 0;
            }

            return buffer.AsMemory(end);
        }
    }

    /// <summary>So many bytes were put there.</summary>
    public void Advance(int length) => end += length;

    /// <summary>Forgets what was not read: another connection begins.</summary>
    public void Clear() => start = end = 0;

    /// <summary>Takes the next frame. What it returns lies in the buffer until <see cref="Free"/> is asked for.</summary>
    public Outcome TryRead(out LinkFrameHeader header, out ReadOnlyMemory<byte> payload)
    {
        header = default;
        payload = default;
        ReadOnlySpan<byte> rest = buffer.AsSpan(start, end - start);
        int zeros = rest.IndexOfAnyExcept((byte)0);
        if (zeros < 0)
        {
            Clear();
            return Outcome.Incomplete;
        }

        start += zeros;
        rest = rest[zeros..];
        int known = Math.Min(rest.Length, LinkProtocol.Marker.Length);
        if (!rest[..known].SequenceEqual(LinkProtocol.Marker[..known]))
        {
            return Damage();
        }

        if (rest.Length < LinkProtocol.HeaderLength)
        {
            return Outcome.Incomplete;
        }

        int length = LinkFrameHeader.ReadLength(rest);
        if (length > LinkProtocol.MaxPayload)
        {
            return Damage();
        }

        if (rest.Length < LinkProtocol.HeaderLength + length)
        {
            return Outcome.Incomplete;
        }

        return LinkFrameHeader.IsIntact(rest[..(LinkProtocol.HeaderLength + length)]) ? Take(length, out header, out payload) : Damage();
    }

    /// <summary>Skips up to the next Sync and takes it.</summary>
    public Outcome TrySeek(out LinkFrameHeader header, out ReadOnlyMemory<byte> payload)
    {
        while (true)
        {
            header = default;
            payload = default;
            ReadOnlySpan<byte> rest = buffer.AsSpan(start, end - start);
            int found = rest.IndexOf(LinkProtocol.Marker);
            if (found < 0)
            {
                // The last bytes may be the beginning of a marker.
                start += Math.Max(0, rest.Length - (LinkProtocol.Marker.Length - 1));
                return Outcome.Incomplete;
            }

            start += found;
            rest = rest[found..];
            if (rest.Length < LinkProtocol.HeaderLength)
            {
                return Outcome.Incomplete;
            }

            int length = LinkFrameHeader.ReadLength(rest);
            if (LinkFrameHeader.ReadType(rest) == LinkFrameType.Sync && length <= LinkProtocol.MaxSyncPayload)
            {
                if (rest.Length < LinkProtocol.HeaderLength + length)
                {
                    return Outcome.Incomplete;
                }

                if (LinkFrameHeader.IsIntact(rest[..(LinkProtocol.HeaderLength + length)]))
                {
                    return Take(length, out header, out payload);
                }
            }

            start++;
        }
    }

    private Outcome Take(int length, out LinkFrameHeader header, out ReadOnlyMemory<byte> payload)
    {
        header = LinkFrameHeader.Read(buffer.AsSpan(start));
        payload = buffer.AsMemory(start + LinkProtocol.HeaderLength, length);
        start += LinkProtocol.HeaderLength + length;
        return Outcome.Frame;
    }

    /// <summary>What begins here is no frame; a Sync may stand behind its first byte.</summary>
    private Outcome Damage()
    {
        start++;
        return Outcome.Damaged;
    }
}
