using System.Security.Cryptography;
using System.Text;

namespace VpcComApi.HostileGuest;

/// <summary>What a hostile guest does on one link, by name.</summary>
internal static class Attacks
{
    private const string Heartbeat = """{"type":"heartbeat","sequence":1}""";

    private static readonly byte[] GarbageHello = "GET / HTTP/1.1\r\n\r\n"u8.ToArray();

    private static readonly Dictionary<string, Action<HostLink>> All = new()
    {
        ["connect-only"] = link => link.Connect(),
        ["silent"] = link => { link.Connect(); link.Drain(); },
        ["hello"] = link => { link.Connect(); link.Send(GarbageHello); link.Send(RandomNumberGenerator.GetBytes(300)); link.Drain(); },
        ["garbage"] = Met(link => { link.Send(RandomNumberGenerator.GetBytes(4000)); link.Drain(); }),
        ["length"] = Met(link => { link.Send([.. Wire.Le(uint.MaxValue), Wire.Data, 0, 0, 0, .. Wire.Le(Wire.ToHost)]); link.Drain(); }),
        ["credit"] = Met(link => { link.Send(Wire.Frame(Wire.Credit, Wire.FromHost, Wire.Le(uint.MaxValue))); link.Drain(); }),
        ["overrun"] = Met(link => { Repeat(link, 100, Wire.Messages(Heartbeat, 1000)); link.Drain(); }),
        ["message"] = Met(link => { link.Send(Wire.Message("{\"type\":[[[[[[[[")); link.Drain(); }),
        ["offers"] = Met(link => { OfferMany(link, 10_000); link.Drain(); }),
        ["churn"] = Met(ChurnForEver),
        ["unread"] = Met(link => FloodForEver(link, Wire.Frame(Wire.Ping, 7))),
        ["pings"] = Met(link => { DrainBeside(link); FloodForEver(link, Wire.Frame(Wire.Ping, 7)); }),
        ["heartbeats"] = Met(link => { DrainBeside(link); SendForEver(link, Wire.Message(Heartbeat)); }),
        ["facts"] = Met(link => { DrainBeside(link); SendForEver(link, LongFacts()); }),
    };

    /// <summary>Repeats the attack that the machine's name selects until the machine is turned off.</summary>
    public static void Run(string machineName, Func<HostLink> makeLink)
    {
        string name = machineName.Split(' ')[^1];
        Action<HostLink> attack = All.GetValueOrDefault(name) ?? RingAttacks.All[name];
        while (true)
        {
            using HostLink link = makeLink();
            try
            {
                attack(link);
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
            {
                // Disconnected, or not accepted: tries again.
                Thread.Sleep(10);
            }
        }
    }

    /// <summary>An attack after a successful greeting.</summary>
    private static Action<HostLink> Met(Action<HostLink> attack) => link =>
    {
        link.Connect();
        link.Greet();
        link.Introduce();
        attack(link);
    };

    private static void DrainBeside(HostLink link) => new Thread(link.Drain) { IsBackground = true }.Start();

    private static void Repeat(HostLink link, int times, byte[] frame)
    {
        for (int i = 0; i < times && link.IsUp; i++)
        {
            link.Send(frame);
        }
    }

    private static void SendForEver(HostLink link, byte[] message)
    {
        while (link.IsUp)
        {
            link.SendWithinCredit(message);
        }
    }

    private static void FloodForEver(HostLink link, byte[] frame) =>
        Repeat(link, int.MaxValue, [.. Enumerable.Repeat(frame, 1000).SelectMany(bytes => bytes)]);

    private static void OfferMany(HostLink link, uint count)
    {
        for (uint pair = 3; pair < 3 + (2 * count) && link.IsUp; pair += 2)
        {
            link.Send(Wire.OfferFrame(pair, "tcp:1"));
        }
    }

    /// <summary>Offers and withdraws pairs, one after the other, as the protocol allows.</summary>
    private static void ChurnForEver(HostLink link)
    {
        DrainBeside(link);
        for (uint pair = 3; link.IsUp; pair += 2)
        {
            link.Send([.. Wire.OfferFrame(pair, "x"), .. Wire.Frame(Wire.Withdraw, pair)]);
            Thread.Sleep(1);
        }
    }

    private static byte[] LongFacts() =>
        Wire.Message(
            $$"""{"type":"guestFacts","computerName":"{{new string('x', 30_000)}}","osName":"{{Escapes(5_000)}}","capabilities":[]}""");

    private static string Escapes(int count) => new StringBuilder().Insert(0, "\\u0007", count).ToString();
}
