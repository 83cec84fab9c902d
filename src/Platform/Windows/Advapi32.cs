using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.Platform.Windows;

/// <summary>The calls of advapi32 that .NET does not offer: security descriptors and tokens.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class Advapi32
{
    public const uint SDDL_REVISION_1 = 1;

    /// <summary>Makes a security descriptor from its text. The caller frees it with <see cref="Kernel32.LocalFree"/>.</summary>
    [LibraryImport("advapi32", EntryPoint = "ConvertStringSecurityDescriptorToSecurityDescriptorW", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ConvertStringSecurityDescriptorToSecurityDescriptor(
        string text, uint revision, out nint descriptor, nint size);

    [LibraryImport("advapi32")]
    public static partial uint GetSecurityDescriptorLength(nint descriptor);

    [LibraryImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool MakeAbsoluteSD(
        nint selfRelative,
        nint absolute, ref uint absoluteSize,
        nint dacl, ref uint daclSize,
        nint sacl, ref uint saclSize,
        nint owner, ref uint ownerSize,
        nint group, ref uint groupSize);

    [LibraryImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool OpenProcessToken(nint process, uint access, out SafeAccessTokenHandle token);

    [LibraryImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CreateRestrictedToken(
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
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool DuplicateTokenEx(
        SafeAccessTokenHandle token, uint access, nint attributes, int impersonationLevel, int kind, out SafeAccessTokenHandle duplicate);

    [LibraryImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetTokenInformation(SafeAccessTokenHandle token, int kind, void* value, uint size);

    [LibraryImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetTokenInformation(SafeAccessTokenHandle token, int kind, void* value, uint size, out uint needed);

    [LibraryImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ImpersonateLoggedOnUser(SafeAccessTokenHandle token);

    [LibraryImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ImpersonateAnonymousToken(nint thread);

    [LibraryImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool RevertToSelf();

    /// <summary>SID_AND_ATTRIBUTES.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SidAndAttributes
    {
        public byte* Sid;
        public uint Attributes;
    }
}
