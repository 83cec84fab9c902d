using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.Fuzz;

/// <summary>
/// What a guest may write into the shared memory of a pair of rings, before and during every look of the host at it. The input is a list of
/// steps: what the guest writes, and what the host does. Only a bus error may come of it, and no piece of memory that is handed out lies
/// outside of the ring.
/// </summary>
internal static class RingTarget
{
    private const int RingSize = RingLayout.MinRingSize;
    private static readonly RingLayout Layout = new(1, RingSize);

    public static void Run(byte[] input)
    {
        var run = new RingRun(input);
        using var hammering = new CancellationTokenSource();

        // Every other input is played while the guest writes into the indices all the time.
        Task hammer = input.Length > 8 && (input[0] & 1) != 0 ? Task.Run(() => run.Hammer(hammering.Token)) : Task.CompletedTask;
        try
        {
            while (run.Step())
            {
            }
        }
        catch (BusException)
        {
            // That is how it is to end.
        }
        finally
        {
            hammering.Cancel();
            hammer.GetAwaiter().GetResult();
            run.Close();
        }
    }

    /// <summary>Nobody is ever at the other end.</summary>
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
        private readonly byte[] _input;
        private readonly RingArena _arena;
        private readonly RingConsumer _consumer;
        private readonly RingProducer _producer;
        private readonly RingArena.Indices _in;
        private readonly RingArena.Indices _out;
        private readonly RingArena.Data _inData;
        private readonly RingArena.Data _outData;
        private readonly byte[] _copy = new byte[RingSize];
        private int _position;
        private long _taken;

        public RingRun(byte[] input)
        {
            _input = input;
            _arena = RingArena.Create(new HeapRingMemory((int)Layout.TotalSize), Layout, static () => { });
            var signals = new NoSignals();
            _producer = new RingProducer(_arena, BusSide.Host, signals, 0, 2, RingSize);
            _consumer = new RingConsumer(_arena, BusSide.Host, signals, 0, 3, RingSize);
            _in = _arena.IndicesOf(0, BusSide.Guest);
            _out = _arena.IndicesOf(0, BusSide.Host);
            _inData = _arena.DataOf(0, BusSide.Guest);
            _outData = _arena.DataOf(0, BusSide.Host);
        }

        /// <summary>Writes into the indices what the input has, again and again.</summary>
        public void Hammer(CancellationToken cancellationToken)
        {
            for (int n = 1; !cancellationToken.IsCancellationRequested; n = n + 2 < _input.Length ? n + 1 : 1)
            {
                _in.Tail = _input[n] * 8;
                _in.Base = _input[n + 1];
                _out.Head = _input[n];
                _out.BytesWanted = _input[n];
            }
        }

        public bool Step()
        {
            if (_position >= _input.Length)
            {
                return false;
            }

            switch (Next() % 12)
            {
                case 0:
                    // As an honest guest puts bytes in.
                    _in.Tail += Next() * 16;
                    break;
                case 1:
                    _in.Tail = Number();
                    break;
                case 2:
                    _in.Base = Number();
                    break;
                case 3:
                    _out.Head = Number();
                    break;
                case 4:
                    // As an honest guest takes bytes out.
                    _out.Head = _producer.Tail;
                    break;
                case 5:
                    _in.RoomWanted = Next();
                    _out.BytesWanted = Next();
                    break;
                case 6:
                case 7:
                    Take();
                    break;
                case 8:
                    Put();
                    break;
                case 9:
                    _consumer.PeekTail();
                    _producer.IsDrained();
                    break;
                case 10:
                    _producer.Trim();
                    break;
                case 11 when _consumer.Total is null:
                    _consumer.End((ulong)Number());
                    Take();
                    return !_consumer.IsAtEnd;
            }

            return true;
        }

        public void Close()
        {
            _producer.Close();
            _consumer.Close();
            _arena.Release();
        }

        private void Take()
        {
            if (!_consumer.TryGetBytes(out ReadOnlySpan<byte> bytes))
            {
                return;
            }

            Check(bytes, _inData);
            bytes.CopyTo(_copy);
            int length = Math.Min(bytes.Length, 1 + (Next() * 16));
            _consumer.Advance(length);
            _consumer.GiveBack(length);
            _taken += length;
            if (_consumer.Head != _taken)
            {
                throw new InvalidOperationException("The consumer has lost count.");
            }
        }

        private void Put()
        {
            if (_producer.TryGetRoom(out Span<byte> room))
            {
                Check(room, _outData);
                room.Fill(0xAA);
                _producer.Publish(Math.Min(room.Length, Next() * 16));
            }
        }

        private static void Check(ReadOnlySpan<byte> piece, RingArena.Data data)
        {
            ReadOnlySpan<byte> ring = data.Piece(0, RingSize);
            if (!ring.Overlaps(piece, out int offset) || offset < 0 || offset + piece.Length > ring.Length)
            {
                throw new InvalidOperationException("A piece of memory lies outside of the ring.");
            }
        }

        private byte Next() => _position < _input.Length ? _input[_position++] : (byte)0;

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
