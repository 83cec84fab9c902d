using System.Buffers;

namespace VpcComApi.VpcBus.Channels;

/// <summary>
/// A pooled block of bytes on their way out. The writer fills it at <see cref="Written"/>; what lies between <see cref="Start"/> and
/// <see cref="End"/> is flushed and may be sent. In front of <see cref="Start"/> there is always room for a frame header: first the
/// headroom, later bytes that have been sent. So a frame goes out in one write and from where the caller put it.
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

    /// <summary>Whether the channel has let go of the block; it is given back as soon as the link has let go of it too.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>The block behind this one.</summary>
    public OutgoingSegment? Next { get; set; }

    /// <summary>Bytes that the caller may still write.</summary>
    public int Room => Array.Length - Written;

    /// <summary>Flushed bytes that are not sent.</summary>
    public int Unsent => End - Start;

    /// <summary>Takes a block from the pool with at least <paramref name="room"/> bytes of room.</summary>
    /// <param name="room">Bytes.</param>
    /// <param name="returned">A segment that was given back and holds the block from now on; null makes one.</param>
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

    /// <summary>Gives the block back. Nobody may touch it afterwards, but the segment can hold another one.</summary>
    public void Return()
    {
        ArrayPool<byte>.Shared.Return(Array);
        Array = [];
    }
}
