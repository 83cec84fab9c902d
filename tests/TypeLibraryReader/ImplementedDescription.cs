namespace VpcComApi.TypeLibraryReader;

/// <summary>An interface of a class, or the base of an interface.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Flags">IMPLTYPEFLAGS: 1 default, 2 source, 4 restricted, 8 default vtable.</param>
public sealed record ImplementedDescription(string Name, int Flags);
