using System.Text.Json.Serialization;

namespace VpcComApi.VpcBus.Integration;

/// <summary>The JSON form of the integration messages: camel case, no member for null. Unknown members are ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(GuestFacts))]
[JsonSerializable(typeof(Heartbeat))]
[JsonSerializable(typeof(GuestShutdownStarted))]
[JsonSerializable(typeof(GuestLoggedOff))]
[JsonSerializable(typeof(ComponentsRemoved))]
[JsonSerializable(typeof(Response))]
[JsonSerializable(typeof(HeartbeatSettings))]
[JsonSerializable(typeof(Request))]
[JsonSerializable(typeof(IReadOnlyList<IntegrationDevice>))]
internal sealed partial class IntegrationJson : JsonSerializerContext;
