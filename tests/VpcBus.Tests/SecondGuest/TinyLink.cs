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

    private readonly byte[] _session = RandomNumberGenerator.GetBytes(16);
    private readonly Queue<byte> _arrived = new();
    private byte[] _peerSession = new byte[16];
    private Stream? _link;
    private ulong _nonce;
    private ulong _peerNonce;
    private bool _synchronised;

    // What is kept: the bytes from _acknowledged to _written.
    private byte[] _kept = [];
    private ulong _acknowledged;
    private ulong _sent;
    private ulong _sentMost;
    private ulong _limit;

    private ulong _received;
    private ulong _told;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>How often the two sides found each other.</summary>
    public int Synchronisations { get; private set; }

    private ulong Written => _acknowledged + (ulong)_kept.Length;

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (_arrived.Count == 0 && !_ended)
        {
            Pump();
        }

        int length = 0;
        while (length < count && _arrived.TryDequeue(out byte value))
        {
            buffer[offset + length++] = value;
        }

        return length;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        _kept = [.. _kept, .. buffer.AsSpan(offset, count)];
        while (_sent < Written)
        {
            SendKept();
            if (_sent < Written)
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
        while (_acknowledged <= end)
        {
            if (_synchronised && _sent == end)
            {
                Send(5, _sent, []);
                _sent = _sentMost = end + 1;
            }

            if (_acknowledged <= end)
            {
                Pump();
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        _link?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Takes one frame, or gets a new byte link.</summary>
    private void Pump()
    {
        try
        {
            if (_link is null)
            {
                _link = connect();
                Synchronise(echo: 0);
            }

            Receive(_link);
        }
        catch (IOException)
        {
            _link?.Dispose();
            _link = null;
            _synchronised = false;
        }
    }

    private void Synchronise(ulong echo)
    {
        _synchronised = false;
        _nonce = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) | 1;
        _peerNonce = echo;
        if (echo == 0)
        {
            _link!.Write(new byte[16_420]);
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

            // A torn frame. This simple guest asks anew instead of searching what it has read.
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

        if (!_synchronised)
        {
            return;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(12)) != (uint)_nonce || sequence > _received)
        {
            Synchronise(echo: 0);
            return;
        }

        Assert.That(sequence, Is.EqualTo(_received), "nothing comes twice");
        Acknowledge(acknowledged, window);
        switch (header[10])
        {
            case 2:
                foreach (byte value in payload)
                {
                    _arrived.Enqueue(value);
                }

                _received += (ulong)payload.Length;
                if (_received - _told >= 20_000)
                {
                    Send(3, _sent, []);
                }

                break;
            case 4:
                Send(3, _sent, []);
                break;
            case 5:
                _received++;
                _ended = true;
                Send(3, _sent, []);
                break;
            case 6:
                throw new InvalidOperationException("The host gave the link up.");
        }
    }

    private void ReceiveSync(byte[] payload, ulong oldest, ulong acknowledged, uint window)
    {
        ulong nonce = BinaryPrimitives.ReadUInt64LittleEndian(payload.AsSpan(40));
        ulong echo = BinaryPrimitives.ReadUInt64LittleEndian(payload.AsSpan(48));
        if (_synchronised)
        {
            if (nonce != _peerNonce)
            {
                Synchronise(echo: nonce);
            }

            return;
        }

        if (nonce != _peerNonce)
        {
            _peerNonce = nonce;
            SendSync();
        }

        if (echo != _nonce)
        {
            return;
        }

        byte[] session = payload[8..24];
        Assert.That(payload[4], Is.Zero, "the host");
        Assert.That(_peerSession.All(part => part == 0) || _peerSession.SequenceEqual(session), Is.True, "the same session");
        Assert.That(acknowledged, Is.InRange(_acknowledged, _sentMost));
        Assert.That(_received, Is.InRange(oldest, BinaryPrimitives.ReadUInt64LittleEndian(payload.AsSpan(56))));
        _peerSession = session;
        _synchronised = true;
        Synchronisations++;
        _sent = acknowledged;
        Acknowledge(acknowledged, window);
        SendKept();
    }

    private void Acknowledge(ulong acknowledged, uint window)
    {
        int gone = (int)Math.Min(acknowledged - _acknowledged, (ulong)_kept.Length);
        _kept = _kept[gone..];
        _acknowledged = acknowledged;
        _limit = Math.Max(_limit, acknowledged + window);
    }

    private void SendKept()
    {
        while (_synchronised && _sent < Math.Min(Written, _limit))
        {
            int from = (int)(_sent - _acknowledged);
            int length = (int)Math.Min(Math.Min(16_384, _limit - _sent), (ulong)(_kept.Length - from));
            Send(2, _sent, _kept.AsSpan(from, length));
            _sent += (ulong)length;
            _sentMost = Math.Max(_sentMost, _sent);
        }
    }

    private void SendSync()
    {
        byte[] payload = new byte[64];
        BinaryPrimitives.WriteUInt16LittleEndian(payload, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(2), 1);
        payload[4] = 1;
        _session.CopyTo(payload, 8);
        _peerSession.CopyTo(payload, 24);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(40), _nonce);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(48), _peerNonce);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(56), _sentMost);
        Send(1, _acknowledged, payload);
    }

    private void Send(byte type, ulong sequence, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[HeaderLength + payload.Length];
        Marker.CopyTo(frame, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(8), (ushort)payload.Length);
        frame[10] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12), type == 1 ? 0 : (uint)_peerNonce);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(16), sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(24), _received);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(32), Window);
        payload.CopyTo(frame.AsSpan(HeaderLength));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), Checksum(frame.AsSpan(8)));
        _told = _received;
        try
        {
            _link!.Write(frame);
        }
        catch (IOException)
        {
            // Reading finds out too, and gets another byte link.
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
