using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VpcComApi.VpcBus.Integration;

/// <summary>Turns integration messages into UTF-8 JSON and back.</summary>
public static class IntegrationCodec
{
    /// <summary>The member that tells which message it is. No message has a member of its own with that name.</summary>
    private const string KindMember = "type";

    /// <summary>What each message is called on the wire.</summary>
    private static readonly Dictionary<string, JsonTypeInfo> TypeByKind = new(StringComparer.Ordinal)
    {
        ["guestFacts"] = IntegrationJson.Default.GuestFacts,
        ["heartbeat"] = IntegrationJson.Default.Heartbeat,
        ["guestShutdownStarted"] = IntegrationJson.Default.GuestShutdownStarted,
        ["guestLoggedOff"] = IntegrationJson.Default.GuestLoggedOff,
        ["componentsRemoved"] = IntegrationJson.Default.ComponentsRemoved,
        ["response"] = IntegrationJson.Default.Response,
        ["heartbeatSettings"] = IntegrationJson.Default.HeartbeatSettings,
        ["request"] = IntegrationJson.Default.Request,
    };

    private static readonly Dictionary<Type, (string Kind, JsonTypeInfo TypeInfo)> KindByType =
        TypeByKind.ToDictionary(entry => entry.Value.Type, entry => (entry.Key, entry.Value));

    /// <summary>The message as it goes over the wire.</summary>
    internal static byte[] Encode(IntegrationMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        (string kind, JsonTypeInfo typeInfo) = KindByType[message.GetType()];
        using JsonDocument members = JsonSerializer.SerializeToDocument(message, typeInfo);
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString(KindMember, kind);
            foreach (JsonProperty member in members.RootElement.EnumerateObject())
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads a message of the other side.</summary>
    /// <returns>The message, or null when its kind is not known: a newer side may say more than this one understands.</returns>
    /// <exception cref="BusException">
    /// <see cref="BusError.Corrupt"/>: no JSON object with a kind, or a member of the wrong form.
    /// </exception>
    internal static IntegrationMessage? Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(KindMember, out JsonElement kind)
                || kind.ValueKind != JsonValueKind.String)
            {
                throw Corrupt("it is no object with a kind", null);
            }

            if (!TypeByKind.TryGetValue(kind.GetString()!, out JsonTypeInfo? typeInfo))
            {
                return null;
            }

            return Check((IntegrationMessage?)root.Deserialize(typeInfo));
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw Corrupt(failure.Message, failure);
        }
    }

    /// <summary>The value of the answer to <see cref="IntegrationOperations.ListDevices"/>.</summary>
    public static string EncodeDevices(IReadOnlyList<IntegrationDevice> devices) =>
        JsonSerializer.Serialize(devices, IntegrationJson.Default.IReadOnlyListIntegrationDevice);

    /// <summary>Reads the value of the answer to <see cref="IntegrationOperations.ListDevices"/>.</summary>
    /// <exception cref="BusException"><see cref="BusError.Corrupt"/>: it is no list of devices.</exception>
    public static IReadOnlyList<IntegrationDevice> DecodeDevices(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        try
        {
            IReadOnlyList<IntegrationDevice>? devices =
                JsonSerializer.Deserialize(value, IntegrationJson.Default.IReadOnlyListIntegrationDevice);
            return devices is not null && devices.All(static device => device?.Service is not null && device.Direction is not null)
                ? devices : throw Corrupt("the list of devices has gaps", null);
        }
        catch (JsonException failure)
        {
            throw Corrupt(failure.Message, failure);
        }
    }

    /// <summary>The other side may say null where this side's types do not allow it.</summary>
    private static IntegrationMessage Check(IntegrationMessage? message) => message switch
    {
        GuestFacts facts when facts.Capabilities is null || facts.Capabilities.Contains(null!)
            || facts.ComputerName is null || facts.OSName is null || facts.OSVersion is null
            || facts.OSMajorVersion is null || facts.OSMinorVersion is null || facts.OSBuildNumber is null || facts.OSPlatformId is null
            || facts.CsdVersion is null || facts.ServicePackMajor is null || facts.ServicePackMinor is null || facts.SuiteMask is null
            || facts.ProductType is null || facts.ComponentsVersion is null => throw Corrupt("a fact is null", null),
        Request { Operation: null } => throw Corrupt("a request names no operation", null),
        GuestShutdownStarted { Kind: null } => new GuestShutdownStarted(GuestShutdownStarted.Shutdown),
        GuestLoggedOff { Kind: null } => new GuestLoggedOff(),
        null => throw Corrupt("it is null", null),
        _ => message,
    };

    private static BusException Corrupt(string what, Exception? cause) =>
        new(BusError.Corrupt, $"An integration message cannot be read: {what}", cause);
}
