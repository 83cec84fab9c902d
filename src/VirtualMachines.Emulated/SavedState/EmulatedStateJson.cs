using System.Text.Json.Serialization;

namespace VpcComApi.VirtualMachines.Emulated.SavedState;

/// <summary>The JSON serialization of the saved state, source-generated so that it needs no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EmulatedState))]
[JsonSerializable(typeof(EmulatedStateHeader))]
internal sealed partial class EmulatedStateJson : JsonSerializerContext;
