using System.Runtime.InteropServices;

namespace VpcComApi.ComServer.Activation;

/// <summary>The functions of COM's runtime that a server needs.</summary>
internal static unsafe partial class ComRuntime
{
    private const string Library = "ole32";

    /// <summary>COINIT_MULTITHREADED.</summary>
    public const uint Multithreaded = 0;

    /// <summary>CLSCTX_LOCAL_SERVER.</summary>
    public const uint LocalServer = 4;

    /// <summary>CLSCTX_INPROC_SERVER.</summary>
    public const uint InProcessServer = 1;

    /// <summary>REGCLS_MULTIPLEUSE | REGCLS_SUSPENDED.</summary>
    public const uint MultipleUseSuspended = 1 | 4;

    /// <summary>MSHCTX_LOCAL: for another process on this machine.</summary>
    public const uint LocalContext = 0;

    /// <summary>MSHLFLAGS_TABLESTRONG: stays valid, and keeps the object alive, until it is taken back.</summary>
    public const uint TableStrong = 1;

    [LibraryImport(Library)]
    public static partial int CoInitializeEx(nint reserved, uint threading);

    [LibraryImport(Library)]
    public static partial void CoUninitialize();

    [LibraryImport(Library)]
    public static partial int CoRegisterClassObject(in Guid classId, nint factory, uint context, uint flags, out uint cookie);

    [LibraryImport(Library)]
    public static partial int CoRevokeClassObject(uint cookie);

    [LibraryImport(Library)]
    public static partial int CoResumeClassObjects();

    [LibraryImport(Library)]
    public static partial int CoSuspendClassObjects();

    [LibraryImport(Library)]
    public static partial uint CoAddRefServerProcess();

    [LibraryImport(Library)]
    public static partial uint CoReleaseServerProcess();

    [LibraryImport(Library)]
    public static partial int CoDisconnectObject(nint unknown, uint reserved);

    [LibraryImport(Library)]
    public static partial int CreateStreamOnHGlobal(nint memory, int deleteOnRelease, out nint stream);

    [LibraryImport(Library)]
    public static partial int CoMarshalInterface(
        nint stream, in Guid interfaceId, nint unknown, uint context, nint contextData, uint flags);

    [LibraryImport(Library)]
    public static partial int CoCreateInstance(in Guid classId, nint outer, uint context, in Guid interfaceId, out nint instance);

    [LibraryImport(Library)]
    public static partial int CoGetClassObject(in Guid classId, uint context, nint server, in Guid interfaceId, out nint classObject);

    [LibraryImport(Library)]
    public static partial int CoInitializeSecurity(
        nint securityDescriptor,
        int serviceCount,
        nint services,
        nint reserved1,
        uint authenticationLevel,
        uint impersonationLevel,
        nint authenticationList,
        uint capabilities,
        nint reserved3);
}
