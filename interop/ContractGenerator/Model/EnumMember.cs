namespace VpcComApi.ContractGenerator.Model;

/// <summary>One name and value of an <see cref="EnumDefinition"/>.</summary>
public sealed record EnumMember(string Name, int Value);
