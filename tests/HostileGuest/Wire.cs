using System.Buffers.Binary;
using System.Text;

namespace VpcComApi.HostileGuest;

/// <summary>The bytes of docs/vpcbus.md.</summary>
internal static class Wire
{
    public const byte Data = 1, Credit = 2, End = 3, Offer = 6, Accept = 7, Withdraw = 9, Ping = 11;

    public const int HeaderLength = 12;

    /// <summary>The most that a host puts into one frame.</summary>
    public const int LongestPayload = 1024 * 1024;

    /// <summary>The pair that the integration service is offered as; its channel to the host is 2 * pair + 1.</summary>
    public const uint IntegrationPair = 1;

    public const uint ToHost = 3, FromHost = 2;

    public const uint Window = 65536;

    /// <summary>The capability of rings.</summary>
    public const uint RingsCapability = 1;

    /// <summary>A guest's hello.</summary>
    public static byte[] Hello(uint capabilities)
    {
        byte[] version = "hostile"u8.ToArray();
        byte[] body =
        [
            .. Le((ushort)1), .. Le((ushort)1), 1, 0, 0, 0, .. Le(65536u), .. Le(1000u), .. Le(64u), .. new byte[16], .. Le(
                (ushort)version.Length), .. version,
            .. Le(capabilities),
        ];
        return [.. "VPCBus\r\n"u8, .. Le((uint)body.Length), .. body];
    }

    public static byte[] Welcome() => [.. Le(6u), .. Le(0u), .. Le((ushort)0)];

    public static byte[] Frame(byte type, uint id, params byte[] payload) =>
        [.. Le((uint)payload.Length), type, 0, 0, 0, .. Le(id), .. payload];

    public static byte[] OfferFrame(uint pair, string service) =>
        Frame(Offer, pair, [.. Le(Window), .. Le((ushort)Encoding.UTF8.GetByteCount(service)), .. Encoding.UTF8.GetBytes(service)]);

    /// <summary>A message of the integration service, as it goes through a ring.</summary>
    public static byte[] Text(string json)
    {
        byte[] text = Encoding.UTF8.GetBytes(json);
        return [.. Le((uint)text.Length), .. text];
    }

    /// <summary>A message of the integration service.</summary>
    public static byte[] Message(string json) => Messages(json, 1);

    /// <summary>The same message of the integration service so many times, in one frame.</summary>
    public static byte[] Messages(string json, int count)
    {
        return Frame(Data, ToHost, [.. Enumerable.Repeat(Text(json), count).SelectMany(bytes => bytes)]);
    }

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
}
