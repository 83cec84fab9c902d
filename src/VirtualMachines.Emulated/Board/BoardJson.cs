using System.Text.Json.Serialization;

namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>
/// The JSON serialization of the messages between a machine and its guest, source-generated so that it needs no reflection.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BoardDescription))]
[JsonSerializable(typeof(BoardWrite))]
[JsonSerializable(typeof(BoardInput))]
[JsonSerializable(typeof(BoardOutput))]
internal sealed partial class BoardJson : JsonSerializerContext;
