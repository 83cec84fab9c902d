namespace VpcComApi.TypeLibraryReader;

/// <summary>One parameter in a type library.</summary>
/// <param name="Name">Its name; empty for the value of a property that is set, which has none.</param>
/// <param name="Type">Its type, in C notation.</param>
/// <param name="Flags">PARAMFLAG: 1 in, 2 out, 8 return value, 0x10 optional, 0x20 default value.</param>
public sealed record ParameterDescription(string Name, string Type, int Flags);
