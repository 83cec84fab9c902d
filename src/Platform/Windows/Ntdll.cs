using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.Platform.Windows;

/// <summary>The calls of ntdll for which the documented libraries have none. A result below zero is a failure.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class Ntdll
{
    public const int FilePipeLocalInformation = 24;
    public const uint FILE_PIPE_CLOSING_STATE = 4;

    [LibraryImport("ntdll")]
    public static partial int NtQueryInformationFile(
        SafePipeHandle pipe, out IoStatus status, out PipeLocalInformation information, int size, int informationClass);

    [LibraryImport("ntdll")]
    public static partial int NtSuspendProcess(SafeHandle process);

    [LibraryImport("ntdll")]
    public static partial int NtResumeProcess(SafeHandle process);

    [LibraryImport("ntdll")]
    public static partial int RtlNtStatusToDosError(int status);

    [LibraryImport("ntdll")]
    public static partial nint RtlGetCurrentPeb();

    [LibraryImport("ntdll")]
    public static partial int RtlGetVersion(OsVersionInfo* version);

    /// <summary>IO_STATUS_BLOCK.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoStatus
    {
        public nint Status;
        public nuint Information;
    }

    /// <summary>FILE_PIPE_LOCAL_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PipeLocalInformation
    {
        public uint Type;
        public uint Configuration;
        public uint MaximumInstances;
        public uint CurrentInstances;
        public uint InboundQuota;
        public uint ReadDataAvailable;
        public uint OutboundQuota;
        public uint WriteQuotaAvailable;
        public uint State;
        public uint End;
    }

    /// <summary>OSVERSIONINFOEXW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct OsVersionInfo
    {
        public uint Size;
        public uint Major;
        public uint Minor;
        public uint Build;
        public uint PlatformId;
        public fixed char ServicePack[128];
        public ushort ServicePackMajor;
        public ushort ServicePackMinor;
        public ushort SuiteMask;
        public byte ProductType;
        public byte Reserved;
    }
}
