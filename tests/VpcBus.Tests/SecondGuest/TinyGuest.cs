using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace VpcComApi.VpcBus.Tests.SecondGuest;

/// <summary>
/// A guest written from docs/vpcbus.md alone: it shares no code with the product, blocks where it waits, and keeps no more state than the
/// page asks for. It proves that the page is sufficient, and it sends what a later revision might add, which the host must ignore.
/// </summary>
/// <param name="link">Any stream with blocking reads and writes.</param>
internal sealed class TinyGuest(Stream link)
{
    private const uint Window = 20_000;

    private readonly Dictionary<uint, uint> credit = [];
    private readonly Dictionary<uint, uint> consumed = [];
    private readonly Queue<TinyFrame> unanswered = new();
    private uint nextPair = 1;
    private uint hostsLargestFrame;

    /// <summary>What the host's hello called itself.</summary>
    public string HostVersion { get; private set; } = "";

    /// <summary>Whether frames have bytes that no revision defines yet, and frames of undefined types are sent between them.</summary>
    public bool UsesUnknownExtensions { get; init; }

    /// <summary>Exchanges hello and hello reply.</summary>
    public void Greet()
    {
        MemoryStream hello = new();
        hello.Write("VPCBus\r\n"u8);
        byte[] version = "tiny 0.1"u8.ToArray();

        // Undefined capabilities, and further bytes after them.
        byte[] extra = UsesUnknownExtensions ? [0, 0, 0, 0x80, .. "what comes later"u8] : [];
        WriteNumber(hello, (uint)(38 + version.Length + extra.Length));
        WriteShort(hello, 1);
        WriteShort(hello, UsesUnknownExtensions ? (ushort)7 : (ushort)1);
        hello.Write([1, 9, 9, 9]);
        WriteNumber(hello, 8192);
        WriteNumber(hello, 50);
        WriteNumber(hello, 10);
        hello.Write(RandomNumberGenerator.GetBytes(16));
        WriteShort(hello, (ushort)version.Length);
        hello.Write(version);
        hello.Write(extra);
        link.Write(hello.ToArray());

        byte[] front = Read(12);
        Assert.That(front[..8], Is.EqualTo("VPCBus\r\n"u8.ToArray()));
        byte[] body = Read((int)BinaryPrimitives.ReadUInt32LittleEndian(front.AsSpan(8)));
        Assert.That(body[4], Is.Zero, "the host");
        hostsLargestFrame = BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(8));
        HostVersion = Encoding.UTF8.GetString(body, 38, BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(36)));

        MemoryStream reply = new();
        WriteNumber(reply, (uint)(6 + extra.Length));
        WriteNumber(reply, 0);
        WriteShort(reply, 0);
        reply.Write(extra);
        link.Write(reply.ToArray());

        byte[] answer = Read((int)BinaryPrimitives.ReadUInt32LittleEndian(Read(4)));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(answer), Is.Zero, "welcome");
    }

    /// <summary>Offers a pair and waits until the host accepts it.</summary>
    /// <returns>The pair's number.</returns>
    public uint Offer(string service)
    {
        uint pair = SendOffer(service);
        Opened(pair, Expect(7, pair).Number);
        return pair;
    }

    /// <summary>Offers a pair and does not wait.</summary>
    public uint SendOffer(string service)
    {
        uint pair = nextPair;
        nextPair += 2;
        SendNumberAndText(6, pair, Window, service);
        return pair;
    }

    /// <summary>Waits for the host's next offer.</summary>
    public TinyFrame NextOffer() => Expect(6, null);

    /// <summary>Takes an offer.</summary>
    public void Accept(TinyFrame offer)
    {
        Opened(offer.Id, offer.Number);
        SendNumber(7, offer.Id, Window);
    }

    /// <summary>Refuses an offer.</summary>
    public void Reject(TinyFrame offer, uint code, string reason) => SendNumberAndText(8, offer.Id, code, reason);

    /// <summary>Sends bytes on the pair's channel to the host, as far as there is credit, and waits for more.</summary>
    public void Write(uint pair, ReadOnlySpan<byte> bytes)
    {
        uint channel = (2 * pair) + 1;
        while (!bytes.IsEmpty)
        {
            while (credit[channel] == 0)
            {
                Keep(Receive());
            }

            int length = (int)Math.Min(Math.Min((uint)bytes.Length, credit[channel]), hostsLargestFrame);
            Send(1, channel, bytes[..length]);
            credit[channel] -= (uint)length;
            bytes = bytes[length..];
        }
    }

    /// <summary>Reads so many bytes of the pair's channel from the host.</summary>
    public byte[] Read(uint pair, int length)
    {
        MemoryStream bytes = new();
        while (bytes.Length < length)
        {
            TinyFrame data = Expect(1, 2 * pair);
            bytes.Write(data.Payload);
            Consume(2 * pair, (uint)data.Payload.Length);
        }

        Assert.That(bytes.Length, Is.EqualTo(length), "no more than was asked for");
        return bytes.ToArray();
    }

    /// <summary>Ends the pair's channel to the host.</summary>
    public void End(uint pair) => Send(3, (2 * pair) + 1, []);

    /// <summary>Stops reading the pair's channel from the host.</summary>
    public void StopReading(uint pair) => Send(4, 2 * pair, []);

    /// <summary>Ends a pair at once.</summary>
    public void Reset(uint pair, uint cause, string reason) => SendNumberAndText(5, pair, cause, reason);

    /// <summary>Withdraws an offer.</summary>
    public void Withdraw(uint pair) => Send(9, pair, []);

    /// <summary>Sends goodbye.</summary>
    public void Goodbye() => SendNumberAndText(10, 0, 0, "");

    /// <summary>Sends a Ping.</summary>
    public void Ping(uint number) => Send(11, number, []);

    /// <summary>Waits for a frame. Other frames before it are stored for later waits.</summary>
    public TinyFrame Expect(byte type, uint? id)
    {
        for (int waiting = unanswered.Count; waiting > 0; waiting--)
        {
            TinyFrame frame = unanswered.Dequeue();
            if (frame.Type == type && (id is null || frame.Id == id))
            {
                return frame;
            }

            unanswered.Enqueue(frame);
        }

        while (true)
        {
            TinyFrame frame = Receive();
            if (frame.Type == type && (id is null || frame.Id == id))
            {
                return frame;
            }

            Keep(frame);
        }
    }

    private void Keep(TinyFrame frame)
    {
        if (frame.Type != 0)
        {
            unanswered.Enqueue(frame);
        }
    }

    /// <summary>The next frame. Credit and pings are handled here; such frames are returned with type 0.</summary>
    private TinyFrame Receive()
    {
        byte[] header = Read(12);
        TinyFrame frame = new(
            header[4], BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8)), Read(
                (int)BinaryPrimitives.ReadUInt32LittleEndian(header)));
        switch (frame.Type)
        {
            case 2:
                if (credit.ContainsKey(frame.Id))
                {
                    credit[frame.Id] += frame.Number;
                }

                return frame with { Type = 0 };
            case 11:
                Send(12, frame.Id, []);
                return frame with { Type = 0 };
            default:
                return frame.Type > 12 ? frame with { Type = 0 } : frame;
        }
    }

    private void Opened(uint pair, uint window)
    {
        credit[(2 * pair) + 1] = window;
        consumed[2 * pair] = 0;
    }

    private void Consume(uint channel, uint length)
    {
        consumed[channel] += length;
        if (consumed[channel] >= Window / 4)
        {
            SendNumber(2, channel, consumed[channel]);
            consumed[channel] = 0;
        }
    }

    private void SendNumber(byte type, uint id, uint number)
    {
        byte[] payload = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(payload, number);
        Send(type, id, payload);
    }

    private void SendNumberAndText(byte type, uint id, uint number, string text)
    {
        MemoryStream payload = new();
        WriteNumber(payload, number);
        WriteShort(payload, (ushort)Encoding.UTF8.GetByteCount(text));
        payload.Write(Encoding.UTF8.GetBytes(text));
        Send(type, id, payload.ToArray());
    }

    private void Send(byte type, uint id, ReadOnlySpan<byte> payload)
    {
        MemoryStream frames = new();
        bool grows = UsesUnknownExtensions && type != 1;
        if (grows)
        {
            WriteFrame(frames, 200, 123, "a frame of a type that nobody knows yet"u8);
        }

        WriteFrame(frames, type, id, grows ? [.. payload, .. "more"u8] : payload);
        link.Write(frames.ToArray());
    }

    private void WriteFrame(MemoryStream target, byte type, uint id, ReadOnlySpan<byte> payload)
    {
        byte reserved = UsesUnknownExtensions ? (byte)0xEE : (byte)0;
        WriteNumber(target, (uint)payload.Length);
        target.Write([type, reserved, reserved, reserved]);
        WriteNumber(target, id);
        target.Write(payload);
    }

    private byte[] Read(int length)
    {
        byte[] bytes = new byte[length];
        link.ReadExactly(bytes);
        return bytes;
    }

    private static void WriteNumber(MemoryStream target, uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        target.Write(bytes);
    }

    private static void WriteShort(MemoryStream target, ushort number)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, number);
        target.Write(bytes);
    }
}
