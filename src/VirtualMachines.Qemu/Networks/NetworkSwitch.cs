using System.Diagnostics.CodeAnalysis;

namespace VpcComApi.VirtualMachines.Qemu.Networks;

/// <summary>
/// An Ethernet switch in our process. A frame goes to the port behind which its destination is, or to all others while nobody knows where
/// that is, and never back. It waits for nobody: what a port does not read in time is dropped. Safe for many threads.
/// </summary>
/// <remarks>
/// Guests are strangers to each other. The address that a card has by its configuration belongs to its port: a frame that another port
/// sends under it is dropped, so that no guest can draw a neighbour's frames to itself. Other addresses (a guest that has changed its own,
/// or runs machines itself) are learned, a few for each port, so that a guest with many addresses forgets its own and nobody else's.
/// </remarks>
internal sealed class NetworkSwitch
{
    /// <summary>The most cards that are plugged in at once.</summary>
    public const int MaxPorts = 64;

    /// <summary>The most addresses that are learned behind one port; older ones are forgotten.</summary>
    public const int MaxLearnedAddresses = 32;

    private readonly Lock gate = new();
    private readonly Dictionary<ulong, SwitchPort> places = [];
    private SwitchPort[] ports = [];

    /// <summary>Gives a card a port.</summary>
    /// <param name="address">The card's address.</param>
    /// <param name="port">The port; <see cref="Remove"/> takes it away.</param>
    /// <returns>False when another card here has the same address, or all ports are taken.</returns>
    public bool TryAdd(ulong address, [NotNullWhen(true)] out SwitchPort? port)
    {
        lock (gate)
        {
            port = null;
            if (ports.Length == MaxPorts || Array.Exists(ports, other => other.Address == address))
            {
                return false;
            }

            port = new SwitchPort(address);
            ports = [.. ports, port];

            // Whoever had it before it was a card's own forgets it in time.
            places[address] = port;
            return true;
        }
    }

    /// <summary>Takes a port away, with what waits for it.</summary>
    /// <param name="port">The port.</param>
    public void Remove(SwitchPort port)
    {
        lock (gate)
        {
            ports = [.. ports.Where(other => other != port)];
            foreach (ulong address in places.Where(place => place.Value == port).Select(place => place.Key).ToArray())
            {
                places.Remove(address);
            }
        }
    }

    /// <summary>Passes a frame on. Does not wait.</summary>
    /// <param name="from">The port that it came to.</param>
    /// <param name="frame">At least <see cref="EthernetFrame.ShortestLength"/> bytes; copied.</param>
    public void Forward(SwitchPort from, ReadOnlySpan<byte> frame)
    {
        ulong destination = EthernetFrame.Destination(frame);
        SwitchPort? receiver = null;
        SwitchPort[] present;
        lock (gate)
        {
            if (!Admit(from, EthernetFrame.Source(frame)))
            {
                return;
            }

            present = ports;
            if (!EthernetFrame.IsGroup(destination))
            {
                places.TryGetValue(destination, out receiver);
            }
        }

        if (receiver == from || present.Length < 2)
        {
            return;
        }

        // One copy, however many receivers there are: none of them changes it.
        byte[] copy = frame.ToArray();
        int senders = present.Length - 1;
        if (receiver is not null)
        {
            receiver.Waiting.TryAdd(from, copy, senders);
            return;
        }

        foreach (SwitchPort other in present)
        {
            if (other != from)
            {
                other.Waiting.TryAdd(from, copy, senders);
            }
        }
    }

    /// <summary>Whether a port may send under an address; remembers where it is. Under the gate.</summary>
    private bool Admit(SwitchPort from, ulong source)
    {
        if (source == from.Address)
        {
            return true;
        }

        if (EthernetFrame.IsGroup(source) || !Array.Exists(ports, port => port == from))
        {
            return false;
        }

        if (places.TryGetValue(source, out SwitchPort? known) && (known == from || known.Address == source))
        {
            return known == from;
        }

        if (from.Learned.Count == MaxLearnedAddresses)
        {
            ulong forgotten = from.Learned.Dequeue();
            if (places.GetValueOrDefault(forgotten) == from && forgotten != from.Address)
            {
                places.Remove(forgotten);
            }
        }

        from.Learned.Enqueue(source);
        places[source] = from;
        return true;
    }
}
