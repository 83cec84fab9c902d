using System.Runtime.InteropServices;

namespace VpcComApi.TypeLibraryReader;

/// <summary>The function of oleaut32 that opens a type library.</summary>
internal static partial class OleAutomation
{
    /// <summary>REGKIND_NONE: read the file and leave the registry alone.</summary>
    public const int DoNotRegister = 2;

    [LibraryImport("oleaut32", StringMarshalling = StringMarshalling.Utf16)]
    public static partial int LoadTypeLibEx(string file, int registration, out ITypeLib library);
}
