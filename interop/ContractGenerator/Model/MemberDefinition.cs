namespace VpcComApi.ContractGenerator.Model;

/// <summary>A method, a property accessor or an event.</summary>
/// <param name="Slot">Index in the vtable, counted from QueryInterface = 0; null for an event.</param>
/// <param name="Name">The name that scripts use.</param>
/// <param name="VtblName">The name in the vtable (<c>get_Name</c>, <c>put_Name</c> or the method itself); null for an event.</param>
/// <param name="Kind"><c>method</c>, <c>propget</c>, <c>propput</c> or <c>event</c>.</param>
/// <param name="Dispid">The number under which IDispatch knows the member.</param>
/// <param name="Params">The parameters in order.</param>
/// <param name="Restricted">Whether scripts may not call it.</param>
/// <param name="Hidden">Whether object browsers leave it out.</param>
/// <param name="DocumentedHresults">The HRESULTs that the member returns according to the reference page.</param>
/// <param name="DocumentedTaskErrors">The possible errors of the returned task according to the reference page.</param>
/// <param name="VariantContent">The content of a VARIANT parameter or result.</param>
/// <param name="EnumMember">The member of the event enumeration for an event.</param>
public sealed record MemberDefinition(
    int? Slot,
    string Name,
    string? VtblName,
    string Kind,
    int Dispid,
    IReadOnlyList<ParameterDefinition> Params,
    bool Restricted,
    bool Hidden,
    IReadOnlyList<HResultDefinition>? DocumentedHresults,
    IReadOnlyList<HResultDefinition>? DocumentedTaskErrors,
    VariantContent? VariantContent,
    string? EnumMember)
{
    /// <summary>The name in the vtable of a member that has a slot.</summary>
    public string VtableName => VtblName ?? throw new InvalidOperationException($"{Name} is an event and has no place in a vtable.");

    /// <summary>Whether the member may answer S_FALSE, which only a method that returns its HRESULT can do.</summary>
    public bool AnswersSFalse => DocumentedHresults?.Any(hresult => hresult.Name == "S_FALSE") ?? false;

    /// <summary>The parameter that languages see as the result, or null.</summary>
    public ParameterDefinition? ReturnValue => Params.SingleOrDefault(parameter => parameter.IsReturnValue);
}
