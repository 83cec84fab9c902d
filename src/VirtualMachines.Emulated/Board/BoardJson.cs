using System.Text.Json.Serialization;

namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>The JSON forms of the messages between a machine and its guest, generated so that they need no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BoardDescription))]
[JsonSerializable(typeof(BoardWrite))]
[JsonSerializable(typeof(BoardInput))]
[JsonSerializable(typeof(BoardOutput))]
internal sealed partial class BoardJson : JsonSerializerContext;
