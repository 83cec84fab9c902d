using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Linux;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.Fuzz;

/// <summary>
/// What a guest may write into the shared memory of a pair of rings, before and during every look of the host at it. The input is a list of steps: what
/// the guest writes, and what the host does. Only a bus error may come of it, and no piece of memory that is handed out lies outside of the ring.
/// </summary>
internal static unsafe class RingTarget
{
    private const int RingSize = RingLayout.MinRingSize;

    private static readonly Lock Gate = new();
    private static RingBus? s_bus;

    public static void Run(byte[] input)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        lock (Gate)
        {
            s_bus ??= CreateBus();
            s_bus.Arena.ClearIndices(0);
            var run = new RingRun(s_bus, input);
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
    }

    /// <summary>Lets go of the shared memory that the runs have used.</summary>
    public static void Finish()
    {
        lock (Gate)
        {
            s_bus?.Close();
            s_bus = null;
        }
    }

    private static RingBus CreateBus()
    {
        int* ends = stackalloc int[2];
        RingArena? arena = RingArena.TryCreate(new RingLayout(1, RingSize), out SafeDescriptor memory);
        memory.Dispose();
        if (arena is null || Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, ends) != 0)
        {
            throw new IOException("There is no shared memory or no socket to be had.");
        }

        // Nobody is ever at the other end of the doorbell.
        new SafeDescriptor(ends[1]).Dispose();
        return new RingBus(BusSide.Host, arena, new RingDoorbell(new SafeDescriptor(ends[0]), isSocket: true, endsBus: false));
    }

    private sealed class RingRun
    {
        private readonly byte[] _input;
        private readonly RingConsumer _consumer;
        private readonly RingProducer _producer;
        private readonly byte* _in;
        private readonly byte* _out;
        private readonly byte* _inData;
        private readonly byte* _outData;
        private readonly byte[] _copy = new byte[RingSize];
        private int _position;
        private long _taken;

        public RingRun(RingBus bus, byte[] input)
        {
            _input = input;
            _producer = new RingProducer(bus, 0, 2, RingSize);
            _consumer = new RingConsumer(bus, 0, 3, RingSize);
            _in = bus.Arena.At(RingLayout.IndicesOf(0, BusSide.Guest));
            _out = bus.Arena.At(RingLayout.IndicesOf(0, BusSide.Host));
            _inData = bus.Arena.At(bus.Arena.Layout.DataOf(0, BusSide.Guest));
            _outData = bus.Arena.At(bus.Arena.Layout.DataOf(0, BusSide.Host));
        }

        /// <summary>Writes into the indices what the input has, again and again.</summary>
        public void Hammer(CancellationToken cancellationToken)
        {
            for (int n = 1; !cancellationToken.IsCancellationRequested; n = n + 2 < _input.Length ? n + 1 : 1)
            {
                *(long*)(_in + RingLayout.TailOffset) = _input[n] * 8;
                *(long*)(_in + RingLayout.BaseOffset) = _input[n + 1];
                *(long*)(_out + RingLayout.HeadOffset) = _input[n];
                *(uint*)(_out + RingLayout.BytesWantedOffset) = _input[n];
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
                    *(long*)(_in + RingLayout.TailOffset) += Next() * 16;
                    break;
                case 1:
                    *(long*)(_in + RingLayout.TailOffset) = Number();
                    break;
                case 2:
                    *(long*)(_in + RingLayout.BaseOffset) = Number();
                    break;
                case 3:
                    *(long*)(_out + RingLayout.HeadOffset) = Number();
                    break;
                case 4:
                    // As an honest guest takes bytes out.
                    *(long*)(_out + RingLayout.HeadOffset) = _producer.Tail;
                    break;
                case 5:
                    *(uint*)(_in + RingLayout.RoomWantedOffset) = Next();
                    *(uint*)(_out + RingLayout.BytesWantedOffset) = Next();
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

        private static void Check(ReadOnlySpan<byte> piece, byte* data)
        {
            fixed (byte* first = piece)
            {
                if (piece.IsEmpty || first < data || first + piece.Length > data + RingSize)
                {
                    throw new InvalidOperationException("A piece of memory lies outside of the ring.");
                }
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
