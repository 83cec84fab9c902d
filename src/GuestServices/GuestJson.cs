using System.Text.Json.Serialization;
using VpcComApi.GuestServices.Devices;

namespace VpcComApi.GuestServices;

/// <summary>The JSON serialization of what the guest service stores and prints, source-generated so that it needs no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<ListedDevice>))]
internal sealed partial class GuestJson : JsonSerializerContext;
