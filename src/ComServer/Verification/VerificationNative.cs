using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.ComServer.Verification;

/// <summary>The calls of Windows that checks need and .NET does not offer.</summary>
internal static unsafe partial class VerificationNative
{
    internal const uint GenericRead = 0x80000000;
    internal const uint GenericWrite = 0x40000000;
    internal const uint EventModifyState = 2;
    internal const uint Synchronize = 0x00100000;
    internal const uint ProcessQueryLimitedInformation = 0x1000;

    internal const int AccessDenied = 5;
    internal const int BrokenPipe = 109;

    private const uint OpenExisting = 3;

    /// <summary>Opens a pipe as the calling thread's user, and closes it again.</summary>
    /// <returns>0, or the error.</returns>
    internal static int TryOpenPipe(string name)
    {
        using SafeFileHandle pipe = CreateFileW(name, GenericRead | GenericWrite, 0, 0, OpenExisting, 0, 0);
        return pipe.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>Opens a named event as a client does that waits for it and may reset it, and closes it again.</summary>
    /// <returns>0, or the error.</returns>
    internal static int TryOpenEvent(string name)
    {
        using SafeWaitHandle opened = OpenEventW(EventModifyState | Synchronize, 0, name);
        return opened.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>What the system says of an error number.</summary>
    internal static string Describe(int error) => error == 0 ? "allowed" : $"{Marshal.GetPInvokeErrorMessage(error)} ({error})";

    internal static void ThrowIfZero(int result)
    {
        if (result == 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("kernel32", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    internal static partial SafeFileHandle CreateFileW(
        string name, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeWaitHandle OpenEventW(uint access, int inherit, string name);

    [LibraryImport("kernel32", SetLastError = true)]
    internal static partial SafeProcessHandle OpenProcess(uint access, int inherit, uint processId);

    [LibraryImport("kernel32")]
    internal static partial nint GetCurrentProcess();

    [LibraryImport("kernel32")]
    internal static partial nint GetCurrentThread();

    [LibraryImport("advapi32", SetLastError = true)]
    internal static partial int OpenProcessToken(nint process, uint access, out SafeAccessTokenHandle token);

    [LibraryImport("advapi32", SetLastError = true)]
    internal static partial int CreateRestrictedToken(
        SafeAccessTokenHandle token,
        uint flags,
        uint disabledCount,
        SidAndAttributes* disabled,
        uint deletedCount,
        nint deleted,
        uint restrictedCount,
        nint restricted,
        out SafeAccessTokenHandle created);

    [LibraryImport("advapi32", SetLastError = true)]
    internal static partial int DuplicateTokenEx(
        SafeAccessTokenHandle token, uint access, nint attributes, int impersonationLevel, int kind, out SafeAccessTokenHandle duplicate);

    [LibraryImport("advapi32", SetLastError = true)]
    internal static partial int SetTokenInformation(SafeAccessTokenHandle token, int kind, void* value, uint size);

    [LibraryImport("advapi32", SetLastError = true)]
    internal static partial int GetTokenInformation(SafeAccessTokenHandle token, int kind, void* value, uint size, out uint needed);

    [LibraryImport("advapi32", SetLastError = true)]
    internal static partial int ImpersonateLoggedOnUser(SafeAccessTokenHandle token);

    [LibraryImport("advapi32", SetLastError = true)]
    internal static partial int ImpersonateAnonymousToken(nint thread);

    [LibraryImport("advapi32", SetLastError = true)]
    internal static partial int RevertToSelf();

    [LibraryImport("oleaut32")]
    internal static partial int LoadRegTypeLib(in Guid id, ushort major, ushort minor, uint locale, out nint library);

    /// <summary>SID_AND_ATTRIBUTES.</summary>
    internal struct SidAndAttributes
    {
        public byte* Sid;
        public uint Attributes;
    }
}
