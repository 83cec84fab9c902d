using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>The two ends of a ring in memory of this process alone: what they do to the bytes and the indices, on every system.</summary>
[TestFixture]
internal sealed class HeapRingTests
{
    private const int RingSize = RingLayout.MinRingSize;
    private const int Slot = 1;
    private static readonly RingLayout Layout = new(2, RingSize);

    [Test]
    public void Bytes_arrive_in_order_however_they_are_cut()
    {
        HeapRing ring = new();
        Random random = new(20_261_130);
        byte[] sent = new byte[64 * RingSize];
        random.NextBytes(sent);
        List<byte> received = new();
        int put = 0;
        while (received.Count < sent.Length)
        {
            if (put < sent.Length && ring.Producer.TryGetRoom(out Span<byte> room))
            {
                int length = Math.Min(random.Next(1, room.Length + 1), sent.Length - put);
                sent.AsSpan(put, length).CopyTo(room);
                ring.Producer.Publish(length);
                put += length;
            }

            if (ring.Consumer.TryGetBytes(out ReadOnlySpan<byte> bytes))
            {
                int length = random.Next(1, bytes.Length + 1);
                received.AddRange(bytes[..length]);
                ring.Consumer.Advance(length);
                ring.Consumer.GiveBack(length);
            }
        }

        Assert.That(received, Is.EqualTo(sent));
    }

    [Test]
    public void Who_waits_for_room_is_signalled_once_there_is_some()
    {
        HeapRing ring = new();
        Assert.That(ring.Producer.TryGetRoom(out Span<byte> room), Is.True);
        ring.Producer.Publish(room.Length);
        Assert.That(ring.Producer.TryGetRoom(out _), Is.False);
        Assert.That(ring.Consumer.TryGetBytes(out ReadOnlySpan<byte> bytes), Is.True);
        ring.Consumer.Advance(bytes.Length);

        ring.Consumer.GiveBack(1);
        Assert.That(ring.Signals.Signalled, Is.Empty, "a byte of room is not worth a turn");
        ring.Consumer.GiveBack(bytes.Length - 1);

        Assert.That(ring.Signals.Signalled, Is.EqualTo(new[] { Slot }));
        Assert.That(ring.Producer.TryGetRoom(out room), Is.True);
        Assert.That(room.Length, Is.EqualTo(RingSize));
        Assert.That(ring.Producer.Stalls, Is.EqualTo(1));
    }

    [Test]
    public void Who_waits_for_bytes_is_signalled_with_the_first()
    {
        HeapRing ring = new();
        Assert.That(ring.Consumer.TryGetBytes(out _), Is.False);
        Assert.That(ring.Producer.TryGetRoom(out _), Is.True);

        ring.Producer.Publish(1);
        ring.Producer.Publish(1);

        Assert.That(ring.Signals.Signalled, Is.EqualTo(new[] { Slot }));
    }

    [Test]
    public void An_index_that_cannot_be_is_found_out()
    {
        HeapRing ring = new();
        ring.Arena.IndicesOf(Slot, BusSide.Host).Head = 1;

        BusException? corrupt = Assert.Throws<BusException>(() => ring.Producer.TryGetRoom(out _));

        Assert.That(corrupt!.Error, Is.EqualTo(BusError.Corrupt));
        Assert.That(corrupt.Message, Does.Contain("head is 1"));
    }

    [Test]
    public void The_memory_is_released_by_its_last_user()
    {
        HeapRing ring = new();
        ring.Arena.Release();
        ring.Producer.Close();
        Assert.That(ring.Releases, Is.Zero);

        ring.Consumer.Close();

        Assert.That(ring.Releases, Is.EqualTo(1));
        Assert.That(ring.Signals.Closed, Is.EqualTo(new[] { Slot }));
    }

    /// <summary>The ring from host to guest, with both its ends.</summary>
    private sealed class HeapRing
    {
        public HeapRing()
        {
            Arena = RingArena.Create(new HeapRingMemory((int)Layout.TotalSize), Layout, () => Releases++);
            Producer = new RingProducer(Arena, BusSide.Host, Signals, Slot, 4, RingSize);
            Consumer = new RingConsumer(Arena, BusSide.Guest, Signals, Slot, 4, RingSize);
        }

        public RingArena Arena { get; }

        public RingProducer Producer { get; }

        public RingConsumer Consumer { get; }

        public SignalRecord Signals { get; } = new();

        public int Releases { get; private set; }
    }

    private sealed class SignalRecord : IRingSignals
    {
        public List<int> Signalled { get; } = [];

        public List<int> Closed { get; } = [];

        public void Signal(int slot) => Signalled.Add(slot);

        public void NoteTouched()
        {
        }

        public void NoteClosed(int slot) => Closed.Add(slot);
    }
}
