namespace VpcComApi.ContractGenerator.Model;

/// <summary>Name, identifier and version of the type library.</summary>
public sealed record TypeLibraryDefinition(string Name, string Libid, string Version, int Major, int Minor);
