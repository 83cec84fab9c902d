using System.Diagnostics;

namespace VpcComApi.VpcBus.Channels;

/// <summary>
/// The blocks of one channel that its caller fills and that its transport empties: in front bytes that are flushed and not sent, behind
/// them bytes that are not flushed, and perhaps memory that the caller has in hand.
/// </summary>
/// <remarks>
/// Guarded by the bus's gate, but for the caller's own block: while memory of it is handed out, nobody but the caller moves its
/// <see cref="OutgoingSegment.Written"/>.
/// </remarks>
internal sealed class OutgoingBlocks
{
    /// <summary>
    /// A block with less room than this is not offered to a caller that names no size: short reads cost more than memory.
    /// </summary>
    private const int LeastRoom = 4096;

    private OutgoingSegment? head;
    private OutgoingSegment? tail;
    private OutgoingSegment? inFlight;
    private OutgoingSegment? spare;
    private bool memoryOut;

    /// <summary>Whether no block is held.</summary>
    public bool IsEmpty => tail is null;

    /// <summary>Whether what the caller writes has no way to go.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>Bytes that are flushed and not sent.</summary>
    public long Unsent { get; private set; }

    /// <summary>Bytes that are written and not flushed. The caller's own.</summary>
    public long Unflushed { get; private set; }

    /// <summary>Hands out memory to the caller.</summary>
    /// <param name="sizeHint">The least bytes that the caller wants; 0 leaves it to the block.</param>
    public Memory<byte> GetMemory(int sizeHint)
    {
        int least = sizeHint == 0 ? LeastRoom : sizeHint;
        if (tail is null || tail.Room < least)
        {
            OutgoingSegment? full = tail;
            OutgoingSegment segment = OutgoingSegment.Rent(least, spare);
            spare = null;
            if (full is null)
            {
                head = segment;
            }
            else
            {
                full.Next = segment;
            }

            tail = segment;
            memoryOut = true;
            ReleaseDrained();
        }

        memoryOut = true;
        return tail.Array.AsMemory(tail.Written);
    }

    /// <summary>The caller has written bytes into the memory that it was given. Without the gate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than the memory holds.</exception>
    public void Advance(int bytes)
    {
        OutgoingSegment? tail = this.tail;
        if (tail is null || (uint)bytes > (uint)tail.Room)
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "More than the memory that was handed out.");
        }

        tail.Written += bytes;
        Unflushed += bytes;
    }

    /// <summary>Makes the caller's bytes visible to the transport, and takes the memory back that the caller had in hand.</summary>
    public void Flush()
    {
        memoryOut = false;
        Unflushed = 0;
        if (IsDiscarded)
        {
            Discard();
            return;
        }

        for (OutgoingSegment? segment = head; segment is not null; segment = segment.Next)
        {
            Unsent += segment.Written - segment.End;
            segment.End = segment.Written;
        }

        ReleaseDrained();
    }

    /// <summary>
    /// Lends the first block with unsent bytes to the link, until <see cref="EndFrame"/>. While there are unsent bytes; one block at a
    /// time.
    /// </summary>
    public OutgoingSegment BeginFrame()
    {
        SkipEmptyHeads();
        Debug.Assert(inFlight is null, "one frame of a channel at a time");
        inFlight = head;
        return head!;
    }

    /// <summary>The link has let go of the block.</summary>
    /// <param name="payload">Bytes of it that are sent.</param>
    /// <returns>False when they were discarded meanwhile, and the block with them.</returns>
    public bool EndFrame(int payload)
    {
        OutgoingSegment sent = inFlight!;
        inFlight = null;
        if (sent.IsAbandoned)
        {
            Return(sent);
            return false;
        }

        sent.Start += payload;
        if (!IsDiscarded)
        {
            Unsent -= payload;
        }

        ReleaseDrained();
        return true;
    }

    /// <summary>Moves the first unsent bytes that lie in one piece, as many as there is room for. While there are unsent bytes.</summary>
    /// <returns>How many.</returns>
    public int MoveTo(Span<byte> room)
    {
        SkipEmptyHeads();
        OutgoingSegment head = this.head!;
        int length = Math.Min(head.Unsent, room.Length);
        head.Array.AsSpan(head.Start, length).CopyTo(room);
        head.Start += length;
        Unsent -= length;
        return length;
    }

    /// <summary>Gives back the first block once all of it is sent and no memory of it is handed out.</summary>
    public void ReleaseDrained()
    {
        OutgoingSegment? head = this.head;
        if (head is null || head == inFlight || (head == tail && memoryOut) || head.Start != head.Written)
        {
            return;
        }

        this.head = head.Next;
        if (head == tail)
        {
            tail = null;
        }

        Return(head);
    }

    /// <summary>Gives back every block but those that the link or the caller still holds. From here on nothing is sent any more.</summary>
    public void Discard()
    {
        IsDiscarded = true;
        OutgoingSegment? kept = null;
        for (OutgoingSegment? segment = head; segment is not null;)
        {
            OutgoingSegment? next = segment.Next;
            segment.Next = null;
            if (segment == tail && memoryOut)
            {
                kept = segment;
            }
            else if (segment == inFlight)
            {
                segment.IsAbandoned = true;
            }
            else
            {
                Return(segment);
            }

            segment = next;
        }

        head = kept;
        tail = kept;
        Unsent = 0;
    }

    private void SkipEmptyHeads()
    {
        while (head!.Unsent == 0)
        {
            OutgoingSegment empty = head;
            head = empty.Next;
            Return(empty);
        }
    }

    /// <summary>Gives a block back and keeps its segment for the next one, so that bulk makes no garbage.</summary>
    private void Return(OutgoingSegment segment)
    {
        segment.Return();
        spare = segment;
    }
}
