using System.Diagnostics.CodeAnalysis;

namespace VpcComApi.VirtualMachines.Qemu.Networks;

/// <summary>
/// An Ethernet switch in this process. A frame is sent to the port of its destination, or to all other ports while that is unknown, and
/// never back. The switch never waits: frames that a port does not read in time are dropped. Thread-safe.
/// </summary>
/// <remarks>
/// Guests do not trust each other. The configured address of a card belongs to its port: a frame with this source address from another port
/// is dropped, so that no guest can divert frames of another one to itself. Other addresses (of a guest that has changed its address or
/// runs machines itself) are learned, a few for each port, so that a guest with many addresses can only displace its own.
/// </remarks>
internal sealed class NetworkSwitch
{
    /// <summary>The most cards that are connected at the same time.</summary>
    public const int MaxPorts = 64;

    /// <summary>The most addresses that are learned for one port; the oldest ones are removed.</summary>
    public const int MaxLearnedAddresses = 32;

    private readonly Lock gate = new();
    private readonly Dictionary<ulong, SwitchPort> places = [];
    private SwitchPort[] ports = [];

    /// <summary>Adds a port for a card.</summary>
    /// <param name="address">The card's address.</param>
    /// <param name="port">The port; <see cref="Remove"/> removes it.</param>
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

            // Another port that has learned this address earlier displaces it later.
            places[address] = port;
            return true;
        }
    }

    /// <summary>Removes a port and the frames that wait for it.</summary>
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
    /// <param name="from">The port that has received it.</param>
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

        // One copy for all receivers: none of them changes it.
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

    /// <summary>Whether a port may use a source address; if so, the address is learned. Under the gate.</summary>
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
