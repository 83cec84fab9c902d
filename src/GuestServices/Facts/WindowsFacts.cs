using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security;
using Microsoft.Win32;
using VpcComApi.Platform.Windows;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Facts;

/// <summary>Windows: RtlGetVersion, which no compatibility setting changes, and the registry.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsFacts : IOperatingSystemFacts
{
    private const string VersionKey = @"SOFTWARE\Microsoft\Windows NT\CurrentVersion";
    private const string TerminalServerKey = @"SYSTEM\CurrentControlSet\Control\Terminal Server";
    private const string ListenerKey = TerminalServerKey + @"\WinStations\RDP-Tcp";
    private const int DefaultTerminalServerPort = 3389;
    private const uint NoSession = 0xFFFFFFFF;
    private const int SessionInfoEx = 25;
    private const int SessionStateLocked = 0;

    /// <inheritdoc/>
    public bool IsScreenLocked
    {
        get
        {
            uint session = Kernel32.WTSGetActiveConsoleSessionId();
            if (session == NoSession || !WtsApi32.WTSQuerySessionInformation(0, session, SessionInfoEx, out void* value, out uint bytes))
            {
                return false;
            }

            try
            {
                SessionFlags* information = (SessionFlags*)value;
                return bytes >= sizeof(SessionFlags) && information->Level == 1 && information->Flags == SessionStateLocked;
            }
            finally
            {
                WtsApi32.WTSFreeMemory(value);
            }
        }
    }

    /// <inheritdoc/>
    public GuestFacts Read()
    {
        Ntdll.OsVersionInfo version = new() { Size = (uint)sizeof(Ntdll.OsVersionInfo) };
        _ = Ntdll.RtlGetVersion(&version);
        bool isServer = version.ProductType > FactText.Workstation;
        bool isTerminalServerOn = ReadNumber(TerminalServerKey, "fDenyTSConnections") == 0;
        return new GuestFacts
        {
            ComputerName = Environment.MachineName,
            OSName = ReadText(VersionKey, "ProductName") ?? RuntimeInformation.OSDescription,
            OSVersion = $"{version.Major}.{version.Minor}.{version.Build}",
            OSMajorVersion = FactText.Number((int)version.Major),
            OSMinorVersion = FactText.Number((int)version.Minor),
            OSBuildNumber = FactText.Number((int)version.Build),
            OSPlatformId = FactText.PlatformId,
            CsdVersion = new string(version.ServicePack),
            ServicePackMajor = FactText.Number(version.ServicePackMajor),
            ServicePackMinor = FactText.Number(version.ServicePackMinor),
            SuiteMask = FactText.SuiteMask(version.SuiteMask),
            ProductType = FactText.ProductType(version.ProductType),
            ScreenLocked = IsScreenLocked,
            TerminalServicesInitialized = isTerminalServerOn,
            MultipleUserSessionsAllowed = isServer || ReadNumber(TerminalServerKey, "fSingleSessionPerUser") == 0,
            TerminalServerPort = isTerminalServerOn ? ReadNumber(ListenerKey, "PortNumber") ?? DefaultTerminalServerPort : 0,
        };
    }

    private static string? ReadText(string key, string name) => Read(key, name) as string;

    private static int? ReadNumber(string key, string name) => Read(key, name) as int?;

    private static object? Read(string key, string name)
    {
        try
        {
            using RegistryKey? opened = Registry.LocalMachine.OpenSubKey(key);
            return opened?.GetValue(name);
        }
        catch (Exception e) when (e is SecurityException or UnauthorizedAccessException or IOException)
        {
            // A value that this process may not read counts as unknown.
            return null;
        }
    }

    /// <summary>The beginning of WTSINFOEXW: its level, and WTSINFOEX_LEVEL1_W up to its flags.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SessionFlags
    {
        public uint Level;
        public uint Padding;
        public uint SessionId;
        public int State;
        public int Flags;
    }
}
