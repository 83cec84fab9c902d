namespace VpcComApi.TypeLibraryReader;

/// <summary>One type of a type library.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">TYPEKIND: ENUM, RECORD, DISPATCH, COCLASS, ALIAS, INTERFACE, MODULE or UNION.</param>
/// <param name="Identifier">Its identifier; all zero when it has none.</param>
/// <param name="Flags">TYPEFLAGS.</param>
/// <param name="Size">The size of an instance in bytes.</param>
/// <param name="HelpString">Its description.</param>
/// <param name="Functions">Its functions as late-bound callers see them; results are folded into the return type.</param>
/// <param name="Variables">The members of an enumeration or a structure.</param>
/// <param name="Implements">The interfaces of a class, or the base of an interface.</param>
/// <param name="Vtable">For a dual interface, its own functions as early-bound callers see them; null for other types.</param>
public sealed record TypeDescription(
    string Name,
    string Kind,
    Guid Identifier,
    int Flags,
    int Size,
    string HelpString,
    IReadOnlyList<FunctionDescription> Functions,
    IReadOnlyList<VariableDescription> Variables,
    IReadOnlyList<ImplementedDescription> Implements,
    IReadOnlyList<FunctionDescription>? Vtable);
