namespace VpcComApi.ContractGenerator.Model;

/// <summary>A structure of the type library; <paramref name="Size"/> is in bytes.</summary>
public sealed record StructDefinition(string Name, string Tag, int Size, int Align, IReadOnlyList<StructField> Fields);
