namespace VpcComApi.ContractGenerator.Model;

/// <summary>
/// A field; <paramref name="Offset"/> and <paramref name="Size"/> are in bytes, <paramref name="Count"/> is set for an array.
/// </summary>
public sealed record StructField(string Name, string Type, int Offset, int Size, int? Count);
