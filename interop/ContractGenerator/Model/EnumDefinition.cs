namespace VpcComApi.ContractGenerator.Model;

/// <summary>A 32-bit enumeration of the type library.</summary>
public sealed record EnumDefinition(string Name, string Uuid, IReadOnlyList<EnumMember> Members);
