using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VpcComApi.VpcBus.Integration;

/// <summary>Converts integration messages to UTF-8 JSON and back.</summary>
public static class IntegrationCodec
{
    /// <summary>The JSON member with the type of the message. No message has a property with that name.</summary>
    private const string KindMember = "type";

    /// <summary>The type of each message in JSON.</summary>
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

    /// <summary>The message in JSON.</summary>
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
    /// <returns>The message, or null when its type is unknown: a newer side may send types that this one does not know.</returns>
    /// <exception cref="BusException">
    /// <see cref="BusError.Corrupt"/>: not a JSON object with a type, or a member of the wrong form.
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
                throw Corrupt("it is not an object with a type", null);
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
    /// <exception cref="BusException"><see cref="BusError.Corrupt"/>: it is not a list of devices.</exception>
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

    /// <summary>The other side may send null where this side's types do not allow it.</summary>
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
