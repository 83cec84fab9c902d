namespace VpcComApi.TypeLibraryReader;

/// <summary>One function of a type library.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DispId">The number under which IDispatch knows it.</param>
/// <param name="InvokeKind">INVOKEKIND: FUNC, PROPERTYGET, PROPERTYPUT or PROPERTYPUTREF.</param>
/// <param name="FunctionKind">FUNCKIND: PUREVIRTUAL or DISPATCH among others.</param>
/// <param name="VtableOffset">Its offset in the vtable, in bytes.</param>
/// <param name="Flags">FUNCFLAGS.</param>
/// <param name="OptionalParameters">How many trailing parameters may be left out.</param>
/// <param name="ReturnType">The type of its result.</param>
/// <param name="Parameters">Its parameters.</param>
public sealed record FunctionDescription(
    string Name,
    int DispId,
    string InvokeKind,
    string FunctionKind,
    int VtableOffset,
    int Flags,
    int OptionalParameters,
    string ReturnType,
    IReadOnlyList<ParameterDescription> Parameters);
