namespace VpcComApi.ContractGenerator.Model;

/// <summary>A class of the type library.</summary>
public sealed record CoclassDefinition(
    string Name,
    string Clsid,
    string DefaultInterface,
    string? DefaultSourceInterface,
    bool Creatable,
    bool Appobject,
    bool Predeclid);
