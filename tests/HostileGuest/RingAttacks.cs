using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace VpcComApi.HostileGuest;

/// <summary>What a hostile guest does to the memory that it shares with its host, by name.</summary>
internal static class RingAttacks
{
    private const string Heartbeat = """{"type":"heartbeat","sequence":1}""";

    /// <summary>How often an attack that must coincide with an access of the host is repeated without a pause.</summary>
    private const int Stretch = 100;

    /// <summary>The last slot of the memory, which is assigned last.</summary>
    private const uint UnusedSlot = 999;

    public static readonly IReadOnlyDictionary<string, Action<HostLink>> All = new Dictionary<string, Action<HostLink>>
    {
        ["ring-ahead"] = Met(guest => WriteWrongTail(guest, tail => tail + guest.Memory.RingSize + 1)),
        ["ring-behind"] = Met(guest => WriteWrongTail(guest, tail => tail - 1)),
        ["ring-huge"] = Met(guest => WriteWrongTail(guest, _ => long.MaxValue)),
        ["ring-negative"] = Met(guest => WriteWrongTail(guest, _ => long.MinValue)),
        ["ring-base"] = Met(guest => WriteWrongTail(guest, tail => tail + 10, baseOf: tail => tail - 1)),
        ["ring-wrap"] = Met(Wrap),
        ["ring-head"] = WriteWrongHead,
        ["ring-scribble"] = Met(guest => guest.WhileUp(() => Scribble(guest), Stretch)),
        ["ring-punch"] = Met(guest => guest.WhileUp(() => Punch(guest))),
        ["ring-resize"] = Met(guest => guest.WhileUp(() => Resize(guest))),
        ["ring-total"] = Met(
            guest => { guest.Send(Wire.Frame(Wire.End, Wire.ToHost, BitConverter.GetBytes(long.MaxValue))); Wait(guest); }),
        ["ring-beside"] = Met(guest => { guest.Send(Wire.Frame(Wire.Data, Wire.ToHost, 1)); Wait(guest); }),
        ["ring-slot"] = Met(Wait, (pair, _) => Wire.Frame(Wire.Accept, pair, [.. Wire.Le(Wire.Window), .. Wire.Le(UnusedSlot)])),
        ["ring-message"] = Met(guest => { guest.Say("{\"type\":[[[[[[[["); Wait(guest); }),
        ["ring-changing"] = Met(Change),
        ["ring-storm"] = Met(guest => guest.WhileUp(() => Storm(guest), int.MaxValue)),
        ["ring-trickle"] = Met(guest => guest.WhileUp(() => guest.Put(Wire.Text(Heartbeat), atOnce: 1))),
    };

    private static Action<HostLink> Met(Action<RingGuest> attack, Func<uint, uint, byte[]>? answer = null) => link =>
    {
        using RingGuest guest = RingGuest.Meet(link, answer);
        guest.Introduce();
        attack(guest);
    };

    private static void Wait(RingGuest guest) => guest.WhileUp(() => { });

    private static void WriteWrongTail(RingGuest guest, Func<long, long> tailOf, Func<long, long>? baseOf = null)
    {
        ref long tail = ref guest.Memory.Tail(guest.Slot, RingMemory.ToHost);
        ref long start = ref guest.Memory.Base(guest.Slot, RingMemory.ToHost);
        start = baseOf?.Invoke(tail) ?? start;
        Volatile.Write(ref tail, tailOf(tail));
        guest.Memory.Signal(guest.Slot);
        Wait(guest);
    }

    /// <summary>Fills the ring correctly once, and then moves the start of the bytes while the ring contains some.</summary>
    private static void Wrap(RingGuest guest)
    {
        byte[] facts = Wire.Text($$"""{"type":"guestFacts","computerName":"{{new string('x', 30_000)}}","capabilities":[]}""");
        for (int put = 0; put < 2 * guest.Memory.RingSize; put += facts.Length)
        {
            guest.Put(facts);
        }

        const int Further = 100;
        guest.AwaitRoom(Further);
        WriteWrongTail(guest, tail => tail + Further, baseOf: tail => tail - (tail % guest.Memory.RingSize) + 1);
    }

    /// <summary>
    /// Has read what was never written, on every ring to the guest. The host looks at that when it has something to say, and what it always
    /// says is its answer to the guest's first words; so this comes before them.
    /// </summary>
    private static void WriteWrongHead(HostLink link)
    {
        using RingGuest guest = RingGuest.Meet(link);
        for (int slot = 0; slot < guest.Memory.Slots; slot++)
        {
            Volatile.Write(ref guest.Memory.Head(slot, RingMemory.ToGuest), long.MaxValue);
        }

        guest.Introduce();
        Wait(guest);
    }

    /// <summary>Random values at random positions, also during accesses of the host.</summary>
    private static void Scribble(RingGuest guest)
    {
        Span<long> words = MemoryMarshal.Cast<byte, long>(guest.Memory.Header);
        words[RandomNumberGenerator.GetInt32(words.Length)] = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        Volatile.Write(ref guest.Memory.Base(guest.Slot, RingMemory.ToHost), RandomNumberGenerator.GetInt32(2 * guest.Memory.RingSize));
        Volatile.Write(ref guest.Memory.Tail(guest.Slot, RingMemory.ToHost), RandomNumberGenerator.GetInt32(2 * guest.Memory.RingSize));
        guest.Memory.Signal(guest.Slot);
    }

    /// <summary>Zeros under the host's eyes.</summary>
    private static void Punch(RingGuest guest)
    {
        guest.Memory.Punch();
        guest.Memory.Signal(guest.Slot);
        guest.Say(Heartbeat);
    }

    /// <summary>A seal holds, so this is a guest like any other.</summary>
    private static void Resize(RingGuest guest)
    {
        guest.Memory.Resize();
        guest.Say(Heartbeat);
    }

    /// <summary>Writes alternating values.</summary>
    private static void Change(RingGuest guest)
    {
        Thread changing = new(() => guest.WhileUp(() => guest.Memory.Data(guest.Slot, RingMemory.ToHost).Fill((byte)'1'), Stretch));
        changing.Start();
        guest.WhileUp(() => guest.Say(Heartbeat));
        changing.Join();
    }

    /// <summary>Wakes the host without need, in every possible way.</summary>
    private static void Storm(RingGuest guest)
    {
        guest.Memory.Signal(guest.Slot);
        guest.Memory.Signal((int)UnusedSlot);
        guest.Memory.Ring();
    }
}
