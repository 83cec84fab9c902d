namespace VpcComApi.ContractGenerator.Model;

/// <summary>An interface: dual (vtable and IDispatch) or a dispinterface that carries events.</summary>
public sealed record InterfaceDefinition(
    string Name,
    string Iid,
    string Kind,
    bool Hidden,
    string Summary,
    IReadOnlyList<MemberDefinition> Members,
    string? Coclass,
    string? SourceOf)
{
    /// <summary>Whether the interface has a vtable.</summary>
    public bool IsDual => Kind == "dual";

    /// <summary>The name without the leading I, which is the name of a class that implements the interface.</summary>
    public string NameWithoutPrefix => Name[1..];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
