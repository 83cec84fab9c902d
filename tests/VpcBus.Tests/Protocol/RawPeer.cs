using System.Buffers.Binary;
using System.Text;
using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Protocol;

/// <summary>
/// A guest that writes its bytes by hand, from the protocol page and not from the product's code, so that it can also write what no
/// honest guest would.
/// </summary>
internal sealed class RawPeer : IAsyncDisposable
{
    public const byte Data = 1, Credit = 2, End = 3, ReadingStopped = 4, Reset = 5, Offer = 6, Accept = 7, Reject = 8, Withdraw = 9,
        Goodbye = 10, Ping = 11, Pong = 12;

    private readonly LinkPair link;

    private RawPeer(LinkPair link, BusConnection bus)
    {
        this.link = link;
        Bus = bus;
    }

    /// <summary>The product's side: the host.</summary>
    public BusConnection Bus { get; }

    public Stream Link => link.Guest;

    /// <summary>A guest's hello.</summary>
    public static byte[] Hello(
        ushort minRevision = 1, ushort maxRevision = 1, byte side = 1, uint framePayload = 65536, string version = "raw",
        byte[]? tail = null)
    {
        byte[] text = Encoding.UTF8.GetBytes(version);
        List<byte> body = new();
        body.AddRange(Le(minRevision));
        body.AddRange(Le(maxRevision));
        body.AddRange([side, 0, 0, 0]);
        body.AddRange(Le(framePayload));
        body.AddRange(Le(1000u));
        body.AddRange(Le(64u));
        body.AddRange(new byte[16]);
        body.AddRange(Le((ushort)text.Length));
        body.AddRange(text);
        body.AddRange(tail ?? []);
        return [.. "VPCBus\r\n"u8, .. Le((uint)body.Count), .. body];
    }

    public static byte[] Welcome() => [.. Le(6u), .. Le(0u), .. Le((ushort)0)];

    public static byte[] Frame(byte type, uint id, params byte[] payload) =>
        [.. Le((uint)payload.Length), type, 0, 0, 0, .. Le(id), .. payload];

    public static byte[] OfferFrame(uint pair, string service, uint window = 65536) =>
        Frame(Offer, pair, [.. Le(window), .. Le((ushort)Encoding.UTF8.GetByteCount(service)), .. Encoding.UTF8.GetBytes(service)]);

    public static byte[] Le(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] Le(ushort value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return bytes;
    }

    /// <summary>Reads the other side's hello and drops it.</summary>
    public static async Task ReadHelloAsync(Stream link)
    {
        byte[] prefix = new byte[12];
        await link.ReadExactlyAsync(prefix);
        await link.ReadExactlyAsync(new byte[BinaryPrimitives.ReadUInt32LittleEndian(prefix.AsSpan(8))]);
    }

    /// <summary>Greets a host with these options.</summary>
    public static async Task<RawPeer> ConnectAsync(BusOptions? host = null)
    {
        LinkPair link = DuplexPipeStream.CreateLink();
        Task<BusConnection> establishing = BusConnection.EstablishAsync(link.Host, host ?? BusPair.Options(BusSide.Host));
        await link.Guest.WriteAsync(Hello());
        await ReadHelloAsync(link.Guest);
        await link.Guest.WriteAsync(Welcome());
        await link.Guest.ReadExactlyAsync(new byte[10]);
        return new RawPeer(link, await establishing.WaitAsync(BusPair.StepLimit));
    }

    /// <summary>Writes frames, as far as the host still takes them.</summary>
    public async Task SendAsync(params byte[][] frames)
    {
        try
        {
            await Link.WriteAsync(frames.SelectMany(frame => frame).ToArray());
        }
        catch (IOException)
        {
            // The host has ended the bus within these frames; its answers can still be read.
        }
    }

    /// <summary>The next frame from the host.</summary>
    public async Task<(byte Type, uint Id, byte[] Payload)> ReceiveAsync()
    {
        using CancellationTokenSource limit = new(BusPair.StepLimit);
        byte[] header = new byte[12];
        await Link.ReadExactlyAsync(header, limit.Token);
        byte[] payload = new byte[BinaryPrimitives.ReadUInt32LittleEndian(header)];
        await Link.ReadExactlyAsync(payload, limit.Token);
        return (header[4], BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8)), payload);
    }

    /// <summary>Reads frames up to the first of a type.</summary>
    public async Task<(uint Id, byte[] Payload)> ReceiveAsync(byte type)
    {
        while (true)
        {
            (byte received, uint id, byte[] payload) = await ReceiveAsync();
            if (received == type)
            {
                return (id, payload);
            }
        }
    }

    /// <summary>Offers pair 1 (channels 2 from host, 3 from guest) and returns the host's end.</summary>
    public async Task<BusChannelPair> OpenAsync(uint window = 65536)
    {
        await SendAsync(OfferFrame(1, "raw", window));
        BusChannelOffer? offer = await Bus.ReceiveOfferAsync().AsTask().WaitAsync(BusPair.StepLimit);
        BusChannelPair pair = await offer!.AcceptAsync();
        await ReceiveAsync(Accept);
        return pair;
    }

    public async ValueTask DisposeAsync()
    {
        await link.Guest.DisposeAsync();
        await Bus.DisposeAsync();
        await link.DisposeAsync();
    }
}
