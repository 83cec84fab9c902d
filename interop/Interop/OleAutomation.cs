using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop;

/// <summary>The functions of oleaut32 that handle VARIANT and SAFEARRAY.</summary>
internal static unsafe partial class OleAutomation
{
    private const string Library = "oleaut32";

    [LibraryImport(Library)]
    public static partial int VariantClear(ComVariant* variant);

    [LibraryImport(Library)]
    public static partial nint SafeArrayCreateVector(ushort elementType, int lowerBound, uint elements);

    [LibraryImport(Library)]
    public static partial int SafeArrayDestroy(nint array);

    [LibraryImport(Library)]
    public static partial uint SafeArrayGetDim(nint array);

    [LibraryImport(Library)]
    public static partial uint SafeArrayGetElemsize(nint array);

    [LibraryImport(Library)]
    public static partial int SafeArrayGetVartype(nint array, out ushort elementType);

    [LibraryImport(Library)]
    public static partial int SafeArrayGetLBound(nint array, uint dimension, out int bound);

    [LibraryImport(Library)]
    public static partial int SafeArrayGetUBound(nint array, uint dimension, out int bound);

    [LibraryImport(Library)]
    public static partial int SafeArrayAccessData(nint array, out byte* data);

    [LibraryImport(Library)]
    public static partial int SafeArrayUnaccessData(nint array);
}
