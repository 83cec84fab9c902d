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
        Marshal.ThrowExceptionForHR(OleAutomation.LoadTypeLibEx(file, OleAutomation.DoNotRegister, out var library));
        library.GetDocumentation(Itself, out var name, out var helpString, out _, out _);
        var address = library.GetLibAttr();
        try
        {
            var attributes = Marshal.PtrToStructure<TYPELIBATTR>(address);
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
