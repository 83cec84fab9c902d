using System.Text.Json.Serialization;
using VpcComApi.GuestServices.Devices;

namespace VpcComApi.GuestServices;

/// <summary>The JSON forms of what the guest service keeps and prints, generated so that they need no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<ListedDevice>))]
internal sealed partial class GuestJson : JsonSerializerContext;
