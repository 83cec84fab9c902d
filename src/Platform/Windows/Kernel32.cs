using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.Platform.Windows;

/// <summary>
/// The calls of kernel32 that .NET does not offer. Results are as Windows documents them; the error of a failed call is
/// <see cref="Marshal.GetLastPInvokeError"/>.
/// </summary>
/// <content>Here: what concerns neither files, pipes nor processes.</content>
[SupportedOSPlatform("windows")]
internal static unsafe partial class Kernel32
{
    public const int STD_OUTPUT_HANDLE = -11;

    public const uint CREATE_EVENT_MANUAL_RESET = 0x1;
    public const uint EVENT_MODIFY_STATE = 0x2;
    public const uint SYNCHRONIZE = 0x00100000;

    [LibraryImport("kernel32")]
    public static partial nint LocalFree(nint memory);

    [LibraryImport("kernel32")]
    public static partial nint GetProcessHeap();

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool HeapFree(nint heap, uint flags, nint memory);

    [LibraryImport("kernel32", EntryPoint = "CreateEventExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeWaitHandle CreateEventEx(
        in SecurityAttributes securityAttributes, string name, uint flags, uint desiredAccess);

    [LibraryImport("kernel32", EntryPoint = "OpenEventW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeWaitHandle OpenEvent(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, string name);

    [LibraryImport("kernel32")]
    public static partial nint GetStdHandle(int handle);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool AttachConsole(uint processId);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsProcessorFeaturePresent(uint feature);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GlobalMemoryStatusEx(ref MemoryStatus status);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetLogicalProcessorInformationEx(int relation, byte* records, ref uint length);

    [LibraryImport("kernel32")]
    public static partial uint GetSystemFirmwareTable(uint provider, uint table, [Out] byte[] buffer, uint length);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetSystemTime(in SystemTime time);

    /// <summary>MEMORYSTATUSEX.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MemoryStatus
    {
        public uint Length;
        public uint LoadPercent;
        public ulong TotalPhysical;
        public ulong AvailablePhysical;
        public ulong TotalPageFile;
        public ulong AvailablePageFile;
        public ulong TotalVirtual;
        public ulong AvailableVirtual;
        public ulong AvailableExtendedVirtual;
    }

    /// <summary>SYSTEMTIME.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct SystemTime(DateTime time)
    {
        private readonly ushort year = (ushort)time.Year;
        private readonly ushort month = (ushort)time.Month;
        private readonly ushort dayOfWeek = (ushort)time.DayOfWeek;
        private readonly ushort day = (ushort)time.Day;
        private readonly ushort hour = (ushort)time.Hour;
        private readonly ushort minute = (ushort)time.Minute;
        private readonly ushort second = (ushort)time.Second;
        private readonly ushort millisecond = (ushort)time.Millisecond;
    }
}
