using System.Buffers.Binary;
using System.Net.Sockets;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Qemu.Networks;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>
/// The internal network as QEMUs see it: each has a connection, over which frames are sent in both directions, each after its length.
/// </summary>
[CancelAfter(60_000)]
internal sealed class NetworkSwitchTests
{
    private const ulong Everybody = 0xFFFF_FFFF_FFFF;
    private const ulong A = 0x0003_FF00_000A;
    private const ulong B = 0x0003_FF00_000B;
    private const ulong C = 0x0003_FF00_000C;
    private const ulong Unknown = 0x0003_FF00_00EE;

    private readonly List<Card> cards = [];
    private NetworkSwitch network = null!;

    [SetUp]
    public void Make_a_network()
    {
        network = new NetworkSwitch();
        cards.Clear();
    }

    [TearDown]
    public async Task Unplug()
    {
        foreach (Card card in cards)
        {
            await card.DisposeAsync();
        }
    }

    [Test]
    public async Task A_frame_goes_to_the_card_it_is_for_and_to_no_other()
    {
        Card a = Plug(A), b = Plug(B), c = Plug(C);

        a.Send(Frame(B, A, 1));
        Assert.That(await b.ReceiveAsync(), Is.EqualTo(Frame(B, A, 1)));

        // The next frame at the other ports is the next one that is sent.
        a.Send(Frame(Everybody, A, 2));
        Assert.That(await c.ReceiveAsync(), Is.EqualTo(Frame(Everybody, A, 2)));
        Assert.That(await b.ReceiveAsync(), Is.EqualTo(Frame(Everybody, A, 2)));
        b.Send(Frame(A, B, 3));
        Assert.That(await a.ReceiveAsync(), Is.EqualTo(Frame(A, B, 3)), "its own broadcast does not come back");
    }

    [Test]
    public async Task A_frame_for_nobody_known_goes_to_all_and_the_address_is_learned_from_the_answer()
    {
        Card a = Plug(A), b = Plug(B), c = Plug(C);

        a.Send(Frame(Unknown, A, 1));
        Assert.That(await b.ReceiveAsync(), Is.EqualTo(Frame(Unknown, A, 1)));
        Assert.That(await c.ReceiveAsync(), Is.EqualTo(Frame(Unknown, A, 1)));

        // A machine behind b's card answers.
        b.Send(Frame(A, Unknown, 2));
        Assert.That(await a.ReceiveAsync(), Is.EqualTo(Frame(A, Unknown, 2)));
        a.Send(Frame(Unknown, A, 3));
        Assert.That(await b.ReceiveAsync(), Is.EqualTo(Frame(Unknown, A, 3)));
        a.Send(Frame(C, A, 4));
        Assert.That(await c.ReceiveAsync(), Is.EqualTo(Frame(C, A, 4)), "c has not seen the frame before");
    }

    [Test]
    public async Task A_guest_cannot_take_the_address_of_anothers_card()
    {
        Card a = Plug(A), b = Plug(B), thief = Plug(C);

        thief.Send(Frame(A, B, 1));
        thief.Send(Frame(A, C, 2));
        Assert.That(await a.ReceiveAsync(), Is.EqualTo(Frame(A, C, 2)), "the frame under b's address is dropped");
        a.Send(Frame(B, A, 3));
        Assert.That(await b.ReceiveAsync(), Is.EqualTo(Frame(B, A, 3)), "and b's frames still come to b");
    }

    [Test]
    public async Task A_guest_with_many_addresses_displaces_only_its_own_from_the_switch()
    {
        Card a = Plug(A), b = Plug(B), many = Plug(C);
        b.Send(Frame(A, Unknown, 0));
        await a.ReceiveAsync();

        const int Count = 100 * NetworkSwitch.MaxLearnedAddresses;
        for (int i = 0; i < Count; i++)
        {
            many.Send(Frame(A, (ulong)(0x0200_0000_0000 + i), 1));
        }

        many.Send(Frame(A, C, 2));
        while ((await a.ReceiveAsync())[^1] != 2)
        {
        }

        a.Send(Frame(Unknown, A, 3));
        a.Send(Frame(C, A, 4));
        Assert.That(await b.ReceiveAsync(), Is.EqualTo(Frame(Unknown, A, 3)));
        Assert.That(
            await many.ReceiveAsync(),
            Is.EqualTo(Frame(C, A, 4)),
            "the address behind b's card was not forgotten, so nobody else got its frame");
    }

    [Test]
    public async Task A_flood_harms_nobody_but_itself_and_a_reader_that_does_not_read_neither()
    {
        Card honest = Plug(A), receiver = Plug(B), flooder = Plug(C);
        Plug(0x0003_FF00_000D); // It never reads.
        using CancellationTokenSource enough = new();
        Task flood = Task.Run(async () =>
        {
            byte[] burst = [.. Enumerable.Repeat(Wire(Frame(Everybody, C, 9, 1000)), 64).SelectMany(frame => frame)];
            while (!enough.IsCancellationRequested)
            {
                await flooder.SendAsync(burst);
            }
        });
        try
        {
            Task drain = Task.Run(async () =>
            {
                while ((await honest.ReceiveAsync())[^1] != 8)
                {
                }
            });

            // Each frame is sent once, and each arrives: the frames of the flood use only their own share of the room.
            for (byte i = 0; i < 100; i++)
            {
                honest.Send(Frame(B, A, 7, 60 + i));
                byte[] frame;
                do
                {
                    frame = await receiver.ReceiveAsync();
                }
                while (EthernetFrame.Source(frame) == C);

                Assert.That(frame, Is.EqualTo(Frame(B, A, 7, 60 + i)));
            }

            receiver.Send(Frame(A, B, 8));
            await Wait.UntilAsync(drain, "the answer, through the flood");
        }
        finally
        {
            await enough.CancelAsync();
            await Wait.UntilAsync(flood, "the flood to end");
        }
    }

    [Test]
    [Category("Timing")]
    public async Task A_flood_is_taken_no_faster_than_its_pace()
    {
        Card flooder = Plug(A);
        const int Intervals = 5;
        byte[] burst = [.. Enumerable.Repeat(Wire(Frame(B, A, 1)), SwitchLink.FramesInInterval).SelectMany(frame => frame)];
        long began = TimeProvider.System.GetTimestamp();

        for (int i = 0; i <= Intervals; i++)
        {
            await flooder.SendAsync(burst);
        }

        Assert.That(await flooder.ReadsUntilAsync(burst.Length * (long)Intervals), Is.GreaterThan(0));

        // The first interval began when the card was plugged in, and what is read at once passes before its time is waited for.
        Assert.That(TimeProvider.System.GetElapsedTime(began), Is.AtLeast((Intervals - 2) * SwitchLink.PaceInterval));
    }

    [TestCase(EthernetFrame.LongestLength + 1u)]
    [TestCase(uint.MaxValue)]
    [TestCase(0x8000_0000u)]
    public async Task A_length_that_cannot_be_ends_that_link_and_no_other(uint length)
    {
        Card a = Plug(A), b = Plug(B), liar = Plug(C);
        byte[] nonsense = new byte[64];
        BinaryPrimitives.WriteUInt32BigEndian(nonsense, length);

        await liar.SendAsync(nonsense);

        Assert.That(await Wait.UntilAsync(liar.Link.Ended, "the liar's link to end"), Does.Contain($"a frame of {length} bytes"));
        a.Send(Frame(B, A, 1));
        Assert.That(await b.ReceiveAsync(), Is.EqualTo(Frame(B, A, 1)));
        Assert.That(network.TryAdd(C, out _), Is.True, "its port is free again");
    }

    [Test]
    public async Task Frames_too_short_for_an_address_are_dropped_and_the_longest_one_passes()
    {
        Card a = Plug(A), b = Plug(B);
        byte[] longest = Frame(B, A, 5, EthernetFrame.LongestLength);

        for (int length = 0; length < EthernetFrame.ShortestLength; length++)
        {
            a.Send(new byte[length]);
        }

        a.Send(longest);

        Assert.That(await b.ReceiveAsync(), Is.EqualTo(longest));
        Assert.That(a.Link.BytesFromCard, Is.EqualTo(longest.Length));
        await Wait.UntilAsync(() => b.Link.BytesToCard == longest.Length, "the bytes to be counted");
    }

    [Test]
    public async Task A_frame_that_comes_in_pieces_is_put_together()
    {
        Card a = Plug(A), b = Plug(B);
        foreach (byte piece in Wire(Frame(B, A, 6)))
        {
            await a.SendAsync([piece]);
        }

        Assert.That(await b.ReceiveAsync(), Is.EqualTo(Frame(B, A, 6)));
    }

    [Test]
    public async Task A_card_that_is_unplugged_frees_its_port_and_its_address()
    {
        Card a = Plug(A);
        Assert.That(network.TryAdd(A, out _), Is.False, "two cards with one address");

        a.Close();
        Assert.That(await Wait.UntilAsync(a.Link.Ended, "the link to end"), Is.Null);
        Assert.That(network.TryAdd(A, out _), Is.True);
    }

    [Test]
    public void There_are_so_many_ports_and_no_more()
    {
        for (ulong i = 0; i < NetworkSwitch.MaxPorts; i++)
        {
            Assert.That(network.TryAdd(i << 8, out _), Is.True);
        }

        Assert.That(network.TryAdd(A, out _), Is.False);
    }

    private static byte[] Frame(ulong destination, ulong source, byte mark, int length = 60)
    {
        byte[] frame = new byte[length];
        BinaryPrimitives.WriteUInt64BigEndian(frame, (destination << 16) | (source >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), (uint)source);
        frame[^1] = mark;
        return frame;
    }

    private static byte[] Wire(byte[] frame)
    {
        byte[] wire = new byte[frame.Length + FrameQueue.PrefixLength];
        BinaryPrimitives.WriteUInt32BigEndian(wire, (uint)frame.Length);
        frame.CopyTo(wire, FrameQueue.PrefixLength);
        return wire;
    }

    private Card Plug(ulong address)
    {
        using TestDirectory folder = new();
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        UnixDomainSocketEndPoint place = new(folder.PathOf("net"));
        listener.Bind(place);
        listener.Listen();
        Socket qemu = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        qemu.Connect(place);
        Assert.That(network.TryAdd(address, out SwitchPort? port), Is.True);
        Card card = new(qemu, new SwitchLink(network, port!, new NetworkStream(listener.Accept(), ownsSocket: true), TimeProvider.System));
        cards.Add(card);
        return card;
    }

    /// <summary>QEMU's end of a cable.</summary>
    private sealed class Card(Socket qemu, SwitchLink link) : IAsyncDisposable
    {
        private readonly NetworkStream stream = new(qemu, ownsSocket: true);

        public SwitchLink Link { get; } = link;

        public void Send(byte[] frame) => stream.Write(Wire(frame));

        public async Task SendAsync(byte[] bytes) => await stream.WriteAsync(bytes);

        public async Task<byte[]> ReceiveAsync()
        {
            byte[] prefix = new byte[FrameQueue.PrefixLength];
            await Wait.UntilAsync(stream.ReadExactlyAsync(prefix).AsTask(), "a frame");
            byte[] frame = new byte[BinaryPrimitives.ReadUInt32BigEndian(prefix)];
            await Wait.UntilAsync(stream.ReadExactlyAsync(frame).AsTask(), "the rest of a frame");
            return frame;
        }

        /// <summary>Waits until the switch has read so many bytes of the wire.</summary>
        public async Task<long> ReadsUntilAsync(long wireBytes)
        {
            long frames = wireBytes / Wire(Frame(B, A, 1)).Length;
            await Wait.UntilAsync(() => Link.BytesFromCard >= frames * Frame(B, A, 1).Length, "the switch to read");
            return Link.BytesFromCard;
        }

        public void Close() => stream.Dispose();

        public async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            await Link.DisposeAsync();
        }
    }
}
