namespace VpcComApi.ContractGenerator.Model;

/// <summary>What a VARIANT of a member holds, in words.</summary>
public sealed record VariantContent(string Holds);
