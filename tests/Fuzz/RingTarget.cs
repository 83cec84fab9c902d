using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.Fuzz;

/// <summary>
/// What a guest may write into the shared memory of a pair of rings, before and during every access of the host to it. The input is a list
/// of steps: what the guest writes, and what the host does. It may only result in a bus error, and no piece of memory that is returned may
/// be outside of the ring.
/// </summary>
internal static class RingTarget
{
    private const int RingSize = RingLayout.MinRingSize;
    private static readonly RingLayout Layout = new(1, RingSize);

    public static void Run(byte[] input)
    {
        RingRun run = new(input);
        using CancellationTokenSource hammering = new();

        // Every other input is executed while the guest continuously writes to the indices.
        Task hammer = input.Length > 8 && (input[0] & 1) != 0 ? Task.Run(() => run.Hammer(hammering.Token)) : Task.CompletedTask;
        try
        {
            while (run.Step())
            {
            }
        }
        catch (BusException)
        {
            // The expected end.
        }
        finally
        {
            hammering.Cancel();
            hammer.GetAwaiter().GetResult();
            run.Close();
        }
    }

    /// <summary>There is no other end.</summary>
    private sealed class NoSignals : IRingSignals
    {
        public void Signal(int slot)
        {
        }

        public void NoteTouched()
        {
        }

        public void NoteClosed(int slot)
        {
        }
    }

    private sealed class RingRun
    {
        private readonly byte[] input;
        private readonly RingArena arena;
        private readonly RingConsumer consumer;
        private readonly RingProducer producer;
        private readonly RingArena.Indices incoming;
        private readonly RingArena.Indices outgoing;
        private readonly RingArena.Data inData;
        private readonly RingArena.Data outData;
        private readonly byte[] copy = new byte[RingSize];
        private int position;
        private long taken;

        public RingRun(byte[] input)
        {
            this.input = input;
            arena = RingArena.Create(new HeapRingMemory((int)Layout.TotalSize), Layout, static () => { });
            NoSignals signals = new();
            producer = new RingProducer(arena, BusSide.Host, signals, 0, 2, RingSize);
            consumer = new RingConsumer(arena, BusSide.Host, signals, 0, 3, RingSize);
            incoming = arena.IndicesOf(0, BusSide.Guest);
            outgoing = arena.IndicesOf(0, BusSide.Host);
            inData = arena.DataOf(0, BusSide.Guest);
            outData = arena.DataOf(0, BusSide.Host);
        }

        /// <summary>Writes the values of the input to the indices, repeatedly.</summary>
        public void Hammer(CancellationToken cancellationToken)
        {
            for (int n = 1; !cancellationToken.IsCancellationRequested; n = n + 2 < input.Length ? n + 1 : 1)
            {
                incoming.Tail = input[n] * 8;
                incoming.Base = input[n + 1];
                outgoing.Head = input[n];
                outgoing.BytesWanted = input[n];
            }
        }

        public bool Step()
        {
            if (position >= input.Length)
            {
                return false;
            }

            switch (Next() % 12)
            {
                case 0:
                    // Writes bytes as a correct guest does.
                    incoming.Tail += Next() * 16;
                    break;
                case 1:
                    incoming.Tail = Number();
                    break;
                case 2:
                    incoming.Base = Number();
                    break;
                case 3:
                    outgoing.Head = Number();
                    break;
                case 4:
                    // Reads bytes as a correct guest does.
                    outgoing.Head = producer.Tail;
                    break;
                case 5:
                    incoming.RoomWanted = Next();
                    outgoing.BytesWanted = Next();
                    break;
                case 6:
                case 7:
                    Take();
                    break;
                case 8:
                    Put();
                    break;
                case 9:
                    consumer.PeekTail();
                    producer.IsDrained();
                    break;
                case 10:
                    producer.Trim();
                    break;
                case 11 when consumer.Total is null:
                    consumer.End((ulong)Number());
                    Take();
                    return !consumer.IsAtEnd;
            }

            return true;
        }

        public void Close()
        {
            producer.Close();
            consumer.Close();
            arena.Release();
        }

        private void Take()
        {
            if (!consumer.TryGetBytes(out ReadOnlySpan<byte> bytes))
            {
                return;
            }

            Check(bytes, inData);
            bytes.CopyTo(copy);
            int length = Math.Min(bytes.Length, 1 + (Next() * 16));
            consumer.Advance(length);
            consumer.GiveBack(length);
            taken += length;
            if (consumer.Head != taken)
            {
                throw new InvalidOperationException("The consumer has lost count.");
            }
        }

        private void Put()
        {
            if (producer.TryGetRoom(out Span<byte> room))
            {
                Check(room, outData);
                room.Fill(0xAA);
                producer.Publish(Math.Min(room.Length, Next() * 16));
            }
        }

        private static void Check(ReadOnlySpan<byte> piece, RingArena.Data data)
        {
            ReadOnlySpan<byte> ring = data.Piece(0, RingSize);
            if (!ring.Overlaps(piece, out int offset) || offset < 0 || offset + piece.Length > ring.Length)
            {
                throw new InvalidOperationException("A piece of memory is outside of the ring.");
            }
        }

        private byte Next() => position < input.Length ? input[position++] : (byte)0;

        /// <summary>A small number, or one near the ends of what fits.</summary>
        private long Number() => Next() switch
        {
            < 160 => Next() * 16,
            < 200 => -Next(),
            < 220 => long.MaxValue - Next(),
            < 240 => long.MinValue + Next(),
            _ => ((long)Next() << 56) | Next(),
        };
    }
}
