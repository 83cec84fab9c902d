namespace VpcComApi.Interop;

/// <summary>One member of an interface of the contract.</summary>
/// <param name="InterfaceName">The interface.</param>
/// <param name="Name">The name that scripts use.</param>
/// <param name="VtableName">The name in the vtable and in C#, for example <c>get_Name</c>; for an event, <paramref name="Name"/>.</param>
/// <param name="Kind">The kind of member.</param>
/// <param name="DispId">The number under which IDispatch knows it.</param>
/// <param name="Slot">Index in the vtable, counted from QueryInterface = 0; null for an event.</param>
public sealed record ContractMember(
    string InterfaceName,
    string Name,
    string VtableName,
    ContractMemberKind Kind,
    int DispId,
    int? Slot);
