namespace VpcComApi.ContractGenerator.Model;

/// <summary>A parameter.</summary>
/// <param name="Name">The name in the header.</param>
/// <param name="Direction"><c>in</c>, <c>out</c> or <c>out,retval</c>.</param>
/// <param name="Type">The C type as the header writes it, with pointers.</param>
/// <param name="BaseType">The type without pointers.</param>
/// <param name="Category"><c>automation</c>, <c>interface</c>, <c>enum</c> or <c>struct</c>.</param>
/// <param name="FixedArrayLength">Number of elements of a fixed array.</param>
public sealed record ParameterDefinition(
    string Name,
    string Direction,
    string Type,
    string BaseType,
    string Category,
    int? FixedArrayLength)
{
    /// <summary>Whether the caller passes the value.</summary>
    public bool IsIn => Direction == "in";

    /// <summary>Whether languages see the parameter as the result.</summary>
    public bool IsReturnValue => Direction == "out,retval";
}
