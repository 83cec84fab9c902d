namespace VpcComApi.ContractGenerator.Model;

/// <summary>An HRESULT by name; <paramref name="Value"/> is hexadecimal with the prefix 0x.</summary>
public sealed record HResultDefinition(string Name, string Value);
