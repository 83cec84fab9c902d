namespace VpcComApi.ContractGenerator.Model;

/// <summary>The whole COM contract as `interop/contract/vpc-api.json` holds it.</summary>
public sealed record Contract(
    TypeLibraryDefinition TypeLibrary,
    IReadOnlyList<ProgrammaticId> ProgrammaticIds,
    IReadOnlyList<EnumDefinition> Enums,
    IReadOnlyList<StructDefinition> Structs,
    IReadOnlyList<ConstantDefinition> Constants,
    IReadOnlyList<HResultDefinition> Hresults,
    IReadOnlyList<HResultDefinition> HresultsDocsOnly,
    IReadOnlyList<HResultDefinition> DocumentedStandardHresults,
    IReadOnlyList<InterfaceDefinition> Interfaces,
    IReadOnlyList<CoclassDefinition> Coclasses,
    KeySequenceDefinition KeySequences)
{
    /// <summary>The dual interfaces, in the order of the contract.</summary>
    public IEnumerable<InterfaceDefinition> DualInterfaces => Interfaces.Where(definition => definition.IsDual);

    /// <summary>The event interfaces (dispinterfaces without a vtable of their own), in the order of the contract.</summary>
    public IEnumerable<InterfaceDefinition> EventInterfaces => Interfaces.Where(definition => !definition.IsDual);
}
