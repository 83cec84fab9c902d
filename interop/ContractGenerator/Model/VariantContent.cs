namespace VpcComApi.ContractGenerator.Model;

/// <summary>A description of the content of a member's VARIANT.</summary>
public sealed record VariantContent(string Holds);
