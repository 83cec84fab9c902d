namespace VpcComApi.TypeLibraryReader;

/// <summary>One member of an enumeration or a structure in a type library.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, in C notation.</param>
/// <param name="Value">Its value in an enumeration, its offset in bytes in a structure.</param>
public sealed record VariableDescription(string Name, string Type, int Value);
