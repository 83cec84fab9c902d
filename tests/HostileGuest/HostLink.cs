using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace VpcComApi.HostileGuest;

/// <summary>A link to the host that implements as much of the protocol as is needed to be accepted.</summary>
internal sealed class HostLink : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string path;
    private readonly byte[] key;
    private long credit;

    /// <param name="path">The socket.</param>
    /// <param name="key">The link's key.</param>
    public HostLink(string path, byte[] key) => (this.path, this.key) = (path, key);

    /// <summary>Whether the host still listens to this link.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>Called for each offer that <see cref="Drain"/> reads, with its pair and its ring.</summary>
    public Action<uint, uint>? OnOffer { get; set; }

    public void Connect() => socket.Connect(new UnixDomainSocketEndPoint(path));

    /// <summary>Proves the key and exchanges hello and hello reply.</summary>
    /// <param name="capabilities">The capabilities in the hello.</param>
    public void Greet(uint capabilities = 0)
    {
        byte[] own = RandomNumberGenerator.GetBytes(32);
        Send(own);
        byte[] other = Read(32);
        Send(HMACSHA256.HashData(key, (byte[])[1, .. other, .. own]));
        Read(32);
        Send(Wire.Hello(capabilities));
        byte[] start = Read(12);
        Read(BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(8)));
        Send(Wire.Welcome());
        Read(10);
    }

    /// <summary>Offers the integration service, waits until it is accepted and sends the facts.</summary>
    public void Introduce()
    {
        credit = BinaryPrimitives.ReadInt32LittleEndian(OfferIntegration());
        SendWithinCredit(Wire.Message("""{"type":"guestFacts","computerName":"EVIL","capabilities":[]}"""));
    }

    /// <summary>Receives the memory that a host sends after a greeting with rings.</summary>
    public RingMemory TakeRings()
    {
        RingMemory memory = RingMemory.Receive(socket);
        Send(1);
        return memory;
    }

    /// <summary>Offers the integration service and waits until it is taken.</summary>
    /// <returns>What the host's Accept holds.</returns>
    public byte[] OfferIntegration()
    {
        Send(Wire.OfferFrame(Wire.IntegrationPair, "integration"));
        byte[] header;
        byte[] payload;
        do
        {
            header = Read(Wire.HeaderLength);
            payload = Read(BinaryPrimitives.ReadInt32LittleEndian(header));
        }
        while (header[4] != Wire.Accept);
        return payload;
    }

    /// <summary>Sends, as long as the host takes it.</summary>
    public void Send(params ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[socket.Send(bytes)..];
            }
        }
        catch (SocketException)
        {
            IsUp = false;
        }
    }

    /// <summary>Sends a data frame when the host has granted credit for it, which <see cref="Drain"/> reads.</summary>
    public void SendWithinCredit(byte[] frame)
    {
        int length = frame.Length - Wire.HeaderLength;
        SpinWait.SpinUntil(() => Interlocked.Read(ref credit) >= length || !IsUp);
        Interlocked.Add(ref credit, -length);
        Send(frame);
    }

    /// <summary>Reads until the host ends the link; records credit, and drops the rest.</summary>
    public void Drain()
    {
        try
        {
            while (true)
            {
                byte[] header = Read(Wire.HeaderLength);
                int length = BinaryPrimitives.ReadInt32LittleEndian(header);
                if ((uint)length > Wire.LongestPayload)
                {
                    // Not in frames: the host has not greeted this link.
                    continue;
                }

                byte[] payload = Read(length);
                if (header[4] == Wire.Offer)
                {
                    OnOffer?.Invoke(
                        BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8)),
                        BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(length - 4)));
                }

                if (header[4] == Wire.Credit && BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8)) == Wire.ToHost)
                {
                    Interlocked.Add(ref credit, BinaryPrimitives.ReadInt32LittleEndian(payload));
                }
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            IsUp = false;
        }
    }

    public void Dispose() => socket.Dispose();

    private byte[] Read(int length)
    {
        byte[] bytes = new byte[length];
        for (int read = 0; read < length;)
        {
            int count = socket.Receive(bytes.AsSpan(read));
            if (count == 0)
            {
                throw new IOException("The host ended the link.");
            }

            read += count;
        }

        return bytes;
    }
}
