using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Runtime.Versioning;
using VpcComApi.Interop;

namespace VpcComApi.CommandLine.Com;

/// <summary>Makes the application object, <c>VirtualPC.Application</c>, in vpc.exe.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class ComApplication
{
    // COINIT_MULTITHREADED and CLSCTX_LOCAL_SERVER.
    private const uint Multithreaded = 0;
    private const uint LocalServer = 4;

    /// <summary>Asks COM for the object; COM starts vpc.exe where it does not run.</summary>
    public static IVMVirtualPC Create()
    {
        // A thread that is in an apartment already stays in it, which is as well.
        _ = CoInitializeEx(0, Multithreaded);
        Guid classId = Clsids.VMVirtualPC;
        Guid interfaceId = Iids.IVMVirtualPC;
        Marshal.ThrowExceptionForHR(CoCreateInstance(in classId, 0, LocalServer, in interfaceId, out nint pointer));
        try
        {
            return ComInterfaceMarshaller<IVMVirtualPC>.ConvertToManaged((void*)pointer)!;
        }
        finally
        {
            Marshal.Release(pointer);
        }
    }

    [LibraryImport("ole32")]
    private static partial int CoInitializeEx(nint reserved, uint apartment);

    [LibraryImport("ole32")]
    private static partial int CoCreateInstance(in Guid classId, nint outer, uint context, in Guid interfaceId, out nint instance);
}
