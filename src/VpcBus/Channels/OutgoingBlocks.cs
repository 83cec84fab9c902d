using System.Diagnostics;

namespace VpcComApi.VpcBus.Channels;

/// <summary>
/// The blocks of one channel that its caller fills and its transport empties: first bytes that are flushed and not sent, then bytes that
/// are not flushed, and possibly memory that the caller is writing to.
/// </summary>
/// <remarks>
/// Guarded by the bus's gate, except the block that the caller is writing to: during that time only the caller changes its
/// <see cref="OutgoingSegment.Written"/>.
/// </remarks>
internal sealed class OutgoingBlocks
{
    /// <summary>
    /// A caller that does not say how much memory it needs gets at least this much: short reads cost more than memory.
    /// </summary>
    private const int LeastRoom = 4096;

    private OutgoingSegment? head;
    private OutgoingSegment? tail;
    private OutgoingSegment? inFlight;
    private OutgoingSegment? spare;
    private bool memoryOut;

    /// <summary>Whether no block is held.</summary>
    public bool IsEmpty => tail is null;

    /// <summary>Whether what the caller writes is dropped.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>Bytes that are flushed and not sent.</summary>
    public long Unsent { get; private set; }

    /// <summary>Bytes that are written and not flushed. Used by the caller only.</summary>
    public long Unflushed { get; private set; }

    /// <summary>Returns memory to which the caller can write.</summary>
    /// <param name="sizeHint">The least bytes that the caller needs; 0 for no particular size.</param>
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
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "More than the memory that was returned.");
        }

        tail.Written += bytes;
        Unflushed += bytes;
    }

    /// <summary>Makes the caller's bytes visible to the transport. The caller must not use its memory any longer.</summary>
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
    /// Gives the first block with unsent bytes to the link, until <see cref="EndFrame"/>. Called only while there are unsent bytes, and for
    /// one block at a time.
    /// </summary>
    public OutgoingSegment BeginFrame()
    {
        SkipEmptyHeads();
        Debug.Assert(inFlight is null, "one frame of a channel at a time");
        inFlight = head;
        return head!;
    }

    /// <summary>The link does not use the block any more.</summary>
    /// <param name="payload">Bytes of it that were sent.</param>
    /// <returns>False when the bytes, and the block with them, were discarded in the meantime.</returns>
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

    /// <summary>Copies the first contiguous unsent bytes, as many as there is room for. Called only while there are unsent bytes.</summary>
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

    /// <summary>Returns the first block to the pool once all of it is sent and the caller does not write to it.</summary>
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

    /// <summary>
    /// Returns all blocks to the pool, except those that the link or the caller still uses. From here on nothing is sent any more.
    /// </summary>
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

    /// <summary>
    /// Returns a block to the pool and keeps its segment object for the next one, so that bulk transfers allocate nothing.
    /// </summary>
    private void Return(OutgoingSegment segment)
    {
        segment.Return();
        spare = segment;
    }
}
