namespace VpcComApi.TypeLibraryReader;

/// <summary>The content of a type library.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Libid">Its identifier.</param>
/// <param name="LocaleId">Its language; 0 is neutral.</param>
/// <param name="System">SYSKIND: 1 for 32-bit Windows, 3 for 64-bit.</param>
/// <param name="MajorVersion">Its major version.</param>
/// <param name="MinorVersion">Its minor version.</param>
/// <param name="Flags">LIBFLAGS.</param>
/// <param name="HelpString">Its description.</param>
/// <param name="Types">All types, in the order of the file.</param>
public sealed record LibraryDescription(
    string Name,
    Guid Libid,
    int LocaleId,
    int System,
    int MajorVersion,
    int MinorVersion,
    int Flags,
    string HelpString,
    IReadOnlyList<TypeDescription> Types);
