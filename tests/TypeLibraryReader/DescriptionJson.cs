using System.Text.Json.Serialization;

namespace VpcComApi.TypeLibraryReader;

/// <summary>The JSON form of a <see cref="LibraryDescription"/>.</summary>
[JsonSerializable(typeof(LibraryDescription))]
public sealed partial class DescriptionJson : JsonSerializerContext;
