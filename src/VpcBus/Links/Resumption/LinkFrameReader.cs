namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>
/// Splits the input from a byte link into frames. Normally frame follows frame, possibly with zeros in between. While it searches for a
/// Sync, everything up to a complete Sync is skipped. A frame is returned only if its checksum is correct.
/// </summary>
internal sealed class LinkFrameReader
{
    /// <summary>Room for a few of the largest frames, so that one read takes several.</summary>
    private const int BufferSize = 4 * (LinkProtocol.HeaderLength + LinkProtocol.MaxPayload);

    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int start;
    private int end;

    /// <summary>The results of <see cref="TryRead"/> and <see cref="TrySeek"/>.</summary>
    public enum Outcome
    {
        /// <summary>More bytes are needed.</summary>
        Incomplete,

        /// <summary>A frame.</summary>
        Frame,

        /// <summary>Input that is not a frame: bytes were lost or do not belong to this stream.</summary>
        Damaged,
    }

    /// <summary>The buffer for the next bytes of the link; never empty.</summary>
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

    /// <summary>This many bytes were written to the buffer.</summary>
    public void Advance(int length) => end += length;

    /// <summary>Discards unread bytes: a new connection begins.</summary>
    public void Clear() => start = end = 0;

    /// <summary>Reads the next frame. The result is a part of the buffer and valid until <see cref="Free"/> is called.</summary>
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

    /// <summary>Skips to the next Sync and reads it.</summary>
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

    /// <summary>This is not a frame; a Sync may begin at the next byte.</summary>
    private Outcome Damage()
    {
        start++;
        return Outcome.Damaged;
    }
}
