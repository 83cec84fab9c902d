using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Linux;
using VpcComApi.VpcBus.Tests.Links;
using static VpcComApi.VpcBus.Tests.Protocol.RawPeer;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>
/// A guest with rings that writes its frames and its shared memory by hand. The layout is written from the protocol page and not
/// taken from the product's code; only the system calls are.
/// </summary>
internal sealed class RawRingGuest : IAsyncDisposable
{
    /// <summary>The pair that the host offers first, and its channels.</summary>
    public const uint Pair = 2, HostChannel = 4, GuestChannel = 5;

    private const int PageSize = 4096;
    private const int IndicesStart = 3 * PageSize;
    private readonly LinkPair link;
    private readonly SharedMemory memory;
    private readonly Socket doorbell;
    private readonly nint start;

    private RawRingGuest(LinkPair link, BusConnection bus, SharedMemory memory, SafeDescriptor file, Socket doorbell)
    {
        this.link = link;
        this.memory = memory;
        this.doorbell = doorbell;
        start = memory.Address;
        Bus = bus;
        File = file;
        Slots = Marshal.ReadInt32(start, 12);
        RingSize = Marshal.ReadInt32(start, 16);
    }

    /// <summary>The product's side: the host.</summary>
    public BusConnection Bus { get; }

    /// <summary>The shared memory's descriptor, as the guest has it.</summary>
    public SafeDescriptor File { get; }

    public int Slots { get; }

    public int RingSize { get; }

    public long MemoryLength => memory.Length;

    public static async Task<RawRingGuest> ConnectAsync(BusOptions? options = null)
    {
        LinkPair link = await SocketLinks.CreateUnixAsync();
        Task<BusConnection> establishing = BusConnection.EstablishAsync(link.Host, options ?? BusPair.Options(BusSide.Host));
        await link.Guest.WriteAsync(Hello(tail: Le(1u)));
        byte[] prefix = new byte[12];
        await link.Guest.ReadExactlyAsync(prefix);
        await link.Guest.ReadExactlyAsync(new byte[BinaryPrimitives.ReadUInt32LittleEndian(prefix.AsSpan(8))]);
        await link.Guest.WriteAsync(Welcome());
        await link.Guest.ReadExactlyAsync(new byte[10]);
        _ = await link.Guest.ReadAsync(Memory<byte>.Empty);
        bool received = DescriptorMessage.TryReceive(
            ((NetworkStream)link.Guest).Socket.SafeHandle, out byte answer, out List<SafeDescriptor> descriptors);
        Assert.That(received, Is.True);
        Assert.That(answer, Is.EqualTo(1));
        Assert.That(descriptors, Has.Count.EqualTo(2));
        SharedMemory memory = SharedMemory.TryOpen(descriptors[0], long.MaxValue)!;
        Socket doorbell = new(new SafeSocketHandle(descriptors[1].DangerousGetHandle(), ownsHandle: true));
        descriptors[1].SetHandleAsInvalid();
        await link.Guest.WriteAsync(new byte[] { 1 });
        return new RawRingGuest(link, await establishing.WaitAsync(BusPair.StepLimit), memory, descriptors[0], doorbell);
    }

    /// <summary>Lets the host offer a pair, takes it with its ring, and returns the host's end and the number of the slot.</summary>
    public async Task<(BusChannelPair Host, int Slot)> OpenAsync(uint window = 65536)
    {
        Task<BusChannelPair> offering = Bus.OfferAsync("raw");
        (uint pair, byte[] payload) = await ReceiveAsync(Offer);
        uint ring = BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(payload.Length - 4));
        Assert.That(ring, Is.Not.Zero);
        await SendAsync(Frame(Accept, pair, [.. Le(window), .. Le(ring)]));
        return (await offering.WaitAsync(BusPair.StepLimit), (int)ring - 1);
    }

    public unsafe ref long Tail(int slot, BusSide producer) => ref *(long*)Indices(slot, producer);

    public unsafe ref long Base(int slot, BusSide producer) => ref *(long*)(Indices(slot, producer) + 8);

    public unsafe ref long Head(int slot, BusSide producer) => ref *(long*)(Indices(slot, producer) + 128);

    public unsafe Span<byte> Data(int slot, BusSide producer) =>
        new((byte*)start + DataStart + (((slot * 2L) + (int)producer) * RingSize), RingSize);

    /// <summary>Everything before the rings' data.</summary>
    public unsafe Span<byte> Header => new((byte*)start, (int)DataStart);

    /// <summary>Wakes the host and signals it to check a slot.</summary>
    public unsafe void Signal(int slot)
    {
        byte* bell = (byte*)start + (2 * PageSize);
        Interlocked.Or(ref *(long*)(bell + 256 + (slot / 64 * 8)), 1L << (slot % 64));
        Interlocked.Or(ref *(long*)(bell + 128), 1L << (slot / 64));
        Ring();
    }

    /// <summary>Wakes the host with a summary bit although there are no signals.</summary>
    public unsafe void SignalNothing()
    {
        Interlocked.Or(ref *(long*)((byte*)start + (2 * PageSize) + 128), -1);
        Ring();
    }

    /// <summary>Wakes the host.</summary>
    public void Ring()
    {
        try
        {
            doorbell.Blocking = false;
            doorbell.Send([0]);
        }
        catch (SocketException)
        {
            // Full, or the host has closed it.
        }
    }

    public async Task SendAsync(params byte[][] frames)
    {
        try
        {
            await link.Guest.WriteAsync(frames.SelectMany(frame => frame).ToArray());
        }
        catch (IOException)
        {
            // The host has ended the bus.
        }
    }

    /// <summary>Reads frames up to the first of a type.</summary>
    public async Task<(uint Id, byte[] Payload)> ReceiveAsync(byte type)
    {
        using CancellationTokenSource limit = new(BusPair.StepLimit);
        byte[] header = new byte[12];
        while (true)
        {
            await link.Guest.ReadExactlyAsync(header, limit.Token);
            byte[] payload = new byte[BinaryPrimitives.ReadUInt32LittleEndian(header)];
            await link.Guest.ReadExactlyAsync(payload, limit.Token);
            if (header[4] == type)
            {
                return (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8)), payload);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await link.Guest.DisposeAsync();
        await Bus.DisposeAsync();
        await link.DisposeAsync();
        doorbell.Dispose();
        memory.Dispose();
        File.Dispose();
    }

    private long DataStart => IndicesStart + ((((Slots * 2L * 256) + PageSize - 1) / PageSize) * PageSize);

    private unsafe byte* Indices(int slot, BusSide producer) => (byte*)start + IndicesStart + (((slot * 2) + (int)producer) * 256);
}
