namespace VpcComApi.ContractGenerator.Model;

/// <summary>A numeric constant of the SDK header.</summary>
public sealed record ConstantDefinition(string Name, string Type, uint Value);
