using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Runtime.Versioning;

namespace VpcComApi.CommandLine.Com;

/// <summary>The server's own words for the call that has just failed on this thread.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class ComErrorText
{
    /// <summary>Takes the words; they are there once.</summary>
    /// <returns>Null when the server left none.</returns>
    public static string? Take()
    {
        // Source-generated stubs turn an HRESULT into an exception and leave the text where it is.
        if (GetErrorInfo(0, out nint pointer) != 0 || pointer == 0)
        {
            return null;
        }

        try
        {
            return ComInterfaceMarshaller<IErrorInfo>.ConvertToManaged((void*)pointer)!.GetDescription();
        }
        catch (Exception e) when (e is COMException or InvalidCastException)
        {
            return null;
        }
        finally
        {
            Marshal.Release(pointer);
        }
    }

    [LibraryImport("oleaut32")]
    private static partial int GetErrorInfo(uint reserved, out nint info);
}
