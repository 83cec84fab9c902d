using System.Buffers;

namespace VpcComApi.VpcBus.Channels;

/// <summary>
/// A pooled block of bytes to be sent. The writer fills it at <see cref="Written"/>; the bytes between <see cref="Start"/> and
/// <see cref="End"/> are flushed and may be sent. Before <see cref="Start"/> there is always room for a frame header: first the headroom,
/// later bytes that were already sent. So a frame is sent in one write and without a copy.
/// </summary>
internal sealed class OutgoingSegment
{
    /// <summary>Bytes kept free at the front.</summary>
    public const int Headroom = 64;

    /// <summary>Bytes in a block, unless a caller asks for more at once.</summary>
    public const int DefaultSize = 64 * 1024;

    private OutgoingSegment()
    {
    }

    /// <summary>The block.</summary>
    public byte[] Array { get; private set; } = [];

    /// <summary>Where the unsent bytes begin.</summary>
    public int Start { get; set; } = Headroom;

    /// <summary>Where the flushed bytes end.</summary>
    public int End { get; set; } = Headroom;

    /// <summary>Where the caller's bytes end, flushed or not.</summary>
    public int Written { get; set; } = Headroom;

    /// <summary>
    /// Whether the channel does not need the block any more; it returns to the pool as soon as the link does not use it either.
    /// </summary>
    public bool IsAbandoned { get; set; }

    /// <summary>The next block.</summary>
    public OutgoingSegment? Next { get; set; }

    /// <summary>Bytes that the caller may still write.</summary>
    public int Room => Array.Length - Written;

    /// <summary>Flushed bytes that are not sent.</summary>
    public int Unsent => End - Start;

    /// <summary>Takes a block from the pool with at least <paramref name="room"/> bytes of room.</summary>
    /// <param name="room">Bytes.</param>
    /// <param name="returned">A returned segment object that is used for the block; null to create one.</param>
    public static OutgoingSegment Rent(int room, OutgoingSegment? returned)
    {
        OutgoingSegment segment = returned ?? new OutgoingSegment();
        segment.Array = ArrayPool<byte>.Shared.Rent(Math.Max(DefaultSize, checked(room + Headroom)));
        segment.Start = Headroom;
        segment.End = Headroom;
        segment.Written = Headroom;
        segment.IsAbandoned = false;
        segment.Next = null;
        return segment;
    }

    /// <summary>
    /// Returns the block to the pool. It must not be used afterwards, but the segment object can be used for another one.
    /// </summary>
    public void Return()
    {
        ArrayPool<byte>.Shared.Return(Array);
        Array = [];
    }
}
