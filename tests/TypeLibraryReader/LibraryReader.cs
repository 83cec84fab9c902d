using System.Runtime.InteropServices;
using System.Runtime.InteropServices.ComTypes;

namespace VpcComApi.TypeLibraryReader;

/// <summary>Reads a whole type library.</summary>
internal static class LibraryReader
{
    /// <summary>The index under which ITypeLib describes itself.</summary>
    private const int Itself = -1;

    /// <summary>Opens a file and reads all of it.</summary>
    public static LibraryDescription Read(string file)
    {
        Marshal.ThrowExceptionForHR(OleAutomation.LoadTypeLibEx(file, OleAutomation.DoNotRegister, out ITypeLib? library));
        library.GetDocumentation(Itself, out string? name, out string? helpString, out _, out _);
        nint address = library.GetLibAttr();
        try
        {
            TYPELIBATTR attributes = Marshal.PtrToStructure<TYPELIBATTR>(address);
            return new LibraryDescription(
                name,
                attributes.guid,
                attributes.lcid,
                (int)attributes.syskind,
                attributes.wMajorVerNum,
                attributes.wMinorVerNum,
                (int)attributes.wLibFlags,
                helpString ?? "",
                [.. Enumerable.Range(0, library.GetTypeInfoCount()).Select(index => TypeReader.Read(library.GetTypeInfo(index)))]);
        }
        finally
        {
            library.ReleaseTLibAttr(address);
        }
    }
}
