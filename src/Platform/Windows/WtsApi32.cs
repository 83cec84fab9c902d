using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.Platform.Windows;

/// <summary>The calls of wtsapi32, the Remote Desktop Services API.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WtsApi32
{
    [LibraryImport("wtsapi32", EntryPoint = "WTSEnumerateSessionsW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool WTSEnumerateSessions(nint server, uint reserved, uint version, out SessionInfo* sessions, out uint count);

    [LibraryImport("wtsapi32", EntryPoint = "WTSQuerySessionInformationW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool WTSQuerySessionInformation(nint server, uint session, int information, out void* value, out uint bytes);

    [LibraryImport("wtsapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool WTSLogoffSession(nint server, uint session, [MarshalAs(UnmanagedType.Bool)] bool wait);

    [LibraryImport("wtsapi32")]
    public static partial void WTSFreeMemory(void* memory);

    /// <summary>WTS_SESSION_INFOW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SessionInfo
    {
        public uint SessionId;
        public char* StationName;
        public int State;
    }
}
