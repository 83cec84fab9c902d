using System.Buffers.Binary;
using System.Security.Cryptography;

namespace VpcComApi.VpcBus.Tests.SecondGuest;

/// <summary>
/// The guest's side of a resumable link, written from its chapter in docs/vpcbus.md alone. It blocks: reading and writing go through one
/// pump, and a byte link that fails is replaced on the spot.
/// </summary>
/// <param name="connect">Gives the next byte link.</param>
internal sealed class TinyLink(Func<Stream> connect) : Stream
{
    private const int HeaderLength = 36;
    private const int Window = 100_000;
    private static readonly byte[] Marker = [0x56, 0x50, 0x4C, 0x0A];
    private static readonly uint[] Table = MakeTable();

    private readonly byte[] session = RandomNumberGenerator.GetBytes(16);
    private readonly Queue<byte> arrived = new();
    private byte[] peerSession = new byte[16];
    private Stream? link;
    private ulong nonce;
    private ulong peerNonce;
    private bool synchronised;

    // The kept bytes, from acknowledged to written.
    private byte[] kept = [];
    private ulong acknowledged;
    private ulong sent;
    private ulong sentMost;
    private ulong limit;

    private ulong received;
    private ulong told;
    private bool ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>How often the two sides found each other.</summary>
    public int Synchronisations { get; private set; }

    private ulong Written => acknowledged + (ulong)kept.Length;

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (arrived.Count == 0 && !ended)
        {
            Pump();
        }

        int length = 0;
        while (length < count && arrived.TryDequeue(out byte value))
        {
            buffer[offset + length++] = value;
        }

        return length;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        kept = [.. kept, .. buffer.AsSpan(offset, count)];
        while (sent < Written)
        {
            SendKept();
            if (sent < Written)
            {
                Pump();
            }
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends the stream and waits until the other side knows.</summary>
    public void SendEnd()
    {
        ulong end = Written;
        while (acknowledged <= end)
        {
            if (synchronised && sent == end)
            {
                Send(5, sent, []);
                sent = sentMost = end + 1;
            }

            if (acknowledged <= end)
            {
                Pump();
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        link?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Takes one frame, or gets a new byte link.</summary>
    private void Pump()
    {
        try
        {
            if (link is null)
            {
                link = connect();
                Synchronise(echo: 0);
            }

            Receive(link);
        }
        catch (IOException)
        {
            link?.Dispose();
            link = null;
            synchronised = false;
        }
    }

    private void Synchronise(ulong echo)
    {
        synchronised = false;
        nonce = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) | 1;
        peerNonce = echo;
        if (echo == 0)
        {
            link!.Write(new byte[16_420]);
        }

        SendSync();
    }

    private void Receive(Stream link)
    {
        byte[] header = new byte[HeaderLength];
        byte[] payload;
        while (true)
        {
            // One byte more each time: slow, and it misses nothing.
            Array.Copy(header, 1, header, 0, HeaderLength - 1);
            link.ReadExactly(header, HeaderLength - 1, 1);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(8));
            if (!header.AsSpan(0, 4).SequenceEqual(Marker) || length > 16_384)
            {
                continue;
            }

            payload = new byte[length];
            link.ReadExactly(payload);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)) == Checksum([.. header.AsSpan(8), .. payload]))
            {
                break;
            }

            // A truncated frame. This simple guest synchronises again instead of searching what it has read.
            Synchronise(echo: 0);
            Array.Clear(header);
        }

        ulong sequence = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(16));
        ulong acknowledged = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(24));
        uint window = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(32));
        if (header[10] == 1)
        {
            ReceiveSync(payload, sequence, acknowledged, window);
            return;
        }

        if (!synchronised)
        {
            return;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(12)) != (uint)nonce || sequence > received)
        {
            Synchronise(echo: 0);
            return;
        }

        Assert.That(sequence, Is.EqualTo(received), "nothing arrives twice");
        Acknowledge(acknowledged, window);
        switch (header[10])
        {
            case 2:
                foreach (byte value in payload)
                {
                    arrived.Enqueue(value);
                }

                received += (ulong)payload.Length;
                if (received - told >= 20_000)
                {
                    Send(3, sent, []);
                }

                break;
            case 4:
                Send(3, sent, []);
                break;
            case 5:
                received++;
                ended = true;
                Send(3, sent, []);
                break;
            case 6:
                throw new InvalidOperationException("The host gave the link up.");
        }
    }

    private void ReceiveSync(byte[] payload, ulong oldest, ulong acknowledged, uint window)
    {
        ulong nonce = BinaryPrimitives.ReadUInt64LittleEndian(payload.AsSpan(40));
        ulong echo = BinaryPrimitives.ReadUInt64LittleEndian(payload.AsSpan(48));
        if (synchronised)
        {
            if (nonce != peerNonce)
            {
                Synchronise(echo: nonce);
            }

            return;
        }

        if (nonce != peerNonce)
        {
            peerNonce = nonce;
            SendSync();
        }

        if (echo != this.nonce)
        {
            return;
        }

        byte[] session = payload[8..24];
        Assert.That(payload[4], Is.Zero, "the host");
        Assert.That(peerSession.All(part => part == 0) || peerSession.SequenceEqual(session), Is.True, "the same session");
        Assert.That(acknowledged, Is.InRange(this.acknowledged, sentMost));
        Assert.That(received, Is.InRange(oldest, BinaryPrimitives.ReadUInt64LittleEndian(payload.AsSpan(56))));
        peerSession = session;
        synchronised = true;
        Synchronisations++;
        sent = acknowledged;
        Acknowledge(acknowledged, window);
        SendKept();
    }

    private void Acknowledge(ulong acknowledged, uint window)
    {
        int gone = (int)Math.Min(acknowledged - this.acknowledged, (ulong)kept.Length);
        kept = kept[gone..];
        this.acknowledged = acknowledged;
        limit = Math.Max(limit, acknowledged + window);
    }

    private void SendKept()
    {
        while (synchronised && sent < Math.Min(Written, limit))
        {
            int from = (int)(sent - acknowledged);
            int length = (int)Math.Min(Math.Min(16_384, limit - sent), (ulong)(kept.Length - from));
            Send(2, sent, kept.AsSpan(from, length));
            sent += (ulong)length;
            sentMost = Math.Max(sentMost, sent);
        }
    }

    private void SendSync()
    {
        byte[] payload = new byte[64];
        BinaryPrimitives.WriteUInt16LittleEndian(payload, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(2), 1);
        payload[4] = 1;
        session.CopyTo(payload, 8);
        peerSession.CopyTo(payload, 24);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(40), nonce);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(48), peerNonce);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(56), sentMost);
        Send(1, acknowledged, payload);
    }

    private void Send(byte type, ulong sequence, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[HeaderLength + payload.Length];
        Marker.CopyTo(frame, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(8), (ushort)payload.Length);
        frame[10] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12), type == 1 ? 0 : (uint)peerNonce);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(16), sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(24), received);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(32), Window);
        payload.CopyTo(frame.AsSpan(HeaderLength));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), Checksum(frame.AsSpan(8)));
        told = received;
        try
        {
            link!.Write(frame);
        }
        catch (IOException)
        {
            // The read loop detects it too, and opens another byte link.
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint checksum = 0xFFFFFFFF;
        foreach (byte value in bytes)
        {
            checksum = Table[(byte)(checksum ^ value)] ^ (checksum >> 8);
        }

        return ~checksum;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            uint value = n;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0x82F63B78 : value >> 1;
            }

            table[n] = value;
        }

        return table;
    }
}
