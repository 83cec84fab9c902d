using System.Buffers.Binary;

namespace VpcComApi.HostileGuest;

/// <summary>A guest with rings after the greeting: its integration pair is open, and it accepts the host's offers.</summary>
internal sealed class RingGuest : IDisposable
{
    private readonly HostLink link;

    private RingGuest(HostLink link, RingMemory memory, int slot)
    {
        this.link = link;
        Memory = memory;
        Slot = slot;
    }

    public RingMemory Memory { get; }

    /// <summary>The slot of the integration pair's rings.</summary>
    public int Slot { get; }

    /// <summary>Exchanges the greeting, receives the host's memory and opens the integration pair; its rings were not used yet.</summary>
    /// <param name="link">The link.</param>
    /// <param name="answer">What to answer to an offer with a ring: pair and ring. By default it is taken as it is meant.</param>
    public static RingGuest Meet(HostLink link, Func<uint, uint, byte[]>? answer = null)
    {
        link.Connect();
        link.Greet(Wire.RingsCapability);
        RingMemory memory = link.TakeRings();
        byte[] accepted = link.OfferIntegration();
        int slot = BinaryPrimitives.ReadInt32LittleEndian(accepted.AsSpan(4)) - 1;
        RingGuest guest = new(link, memory, slot);
        answer ??= (pair, ring) => Wire.Frame(Wire.Accept, pair, [.. Wire.Le(Wire.Window), .. Wire.Le(ring)]);
        link.OnOffer = (pair, ring) => link.Send(answer(pair, ring));
        new Thread(link.Drain) { IsBackground = true }.Start();
        return guest;
    }

    /// <summary>
    /// Sends the facts through the ring, and waits until the host has read them: only then a wrong index contradicts an earlier one.
    /// </summary>
    public void Introduce()
    {
        Say("""{"type":"guestFacts","computerName":"EVIL","capabilities":[]}""");
        AwaitRoom(Memory.RingSize);
    }

    /// <summary>Waits until the host has freed this much room in the ring, or has disconnected.</summary>
    /// <param name="bytes">All of the ring when nothing is to be unread.</param>
    public void AwaitRoom(int bytes)
    {
        while (Room() < bytes && link.IsUp)
        {
            Thread.Sleep(1);
        }
    }

    /// <summary>Puts a message into the ring, as is right.</summary>
    public void Say(string json) => Put(Wire.Text(json));

    /// <summary>Puts bytes into the ring, as is right, but for the signals, which are always sent.</summary>
    public void Put(ReadOnlySpan<byte> bytes, int atOnce = int.MaxValue)
    {
        while (!bytes.IsEmpty && link.IsUp)
        {
            long tail = Memory.Tail(Slot, RingMemory.ToHost);
            int offset = (int)(tail & (Memory.RingSize - 1));
            int length = (int)Math.Min(Math.Min(bytes.Length, atOnce), Math.Min(Room(), Memory.RingSize - offset));
            if (length <= 0)
            {
                Thread.Sleep(1);
                continue;
            }

            bytes[..length].CopyTo(Memory.Data(Slot, RingMemory.ToHost)[offset..]);
            Volatile.Write(ref Memory.Tail(Slot, RingMemory.ToHost), tail + length);
            Memory.Signal(Slot);
            bytes = bytes[length..];
        }
    }

    /// <summary>
    /// Repeats an action as long as the host is connected: a number of times without a pause, and then yields the core.
    /// </summary>
    public void WhileUp(Action action, int stretch = 1)
    {
        while (link.IsUp)
        {
            for (int n = 0; n < stretch && link.IsUp; n++)
            {
                action();
            }

            Thread.Sleep(1);
        }
    }

    /// <summary>Sends a frame over the link.</summary>
    public void Send(byte[] frame) => link.Send(frame);

    public void Dispose() => Memory.Dispose();

    private long Room() =>
        Memory.RingSize - (Memory.Tail(Slot, RingMemory.ToHost) - Volatile.Read(ref Memory.Head(Slot, RingMemory.ToHost)));
}
