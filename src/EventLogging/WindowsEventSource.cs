using System.Runtime.Versioning;
using System.Security;
using Microsoft.Win32;

namespace VpcComApi.EventLogging;

/// <summary>
/// The product's source in the Windows event log. It is registered with the server, which needs an administrator; without it, events are
/// written to the file only. (System.Diagnostics would register a missing source by itself and would not remove it at unregistration.)
/// </summary>
[SupportedOSPlatform("windows")]
public static class WindowsEventSource
{
    /// <summary>The source.</summary>
    public const string Name = "Virtual PC";

    /// <summary>The log to which it belongs.</summary>
    public const string LogName = "Application";

    /// <summary>The source's key below HKEY_LOCAL_MACHINE.</summary>
    public const string SourceKey = @"SYSTEM\CurrentControlSet\Services\EventLog\" + LogName + @"\" + Name;
    private const string OwnMessageFile = "System.Diagnostics.EventLog.Messages.dll";
    private const string SystemMessageFile = @"%SystemRoot%\Microsoft.NET\Framework64\v4.0.30319\EventLogMessages.dll";

    // EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE
    private const int TypesSupported = 7;

    /// <summary>Whether the source is registered.</summary>
    public static bool IsRegistered
    {
        get
        {
            try
            {
                using RegistryKey? key = Registry.LocalMachine.OpenSubKey(SourceKey);
                return key is not null;
            }
            catch (Exception e) when (IsRefusal(e))
            {
                return false;
            }
        }
    }

    /// <summary>Registers the source.</summary>
    /// <returns>False when this user may not.</returns>
    public static bool TryRegister()
    {
        // The message file contains "%1" under every number; without one the event viewer shows a warning above each entry.
        string own = Path.Combine(AppContext.BaseDirectory, OwnMessageFile);
        try
        {
            using RegistryKey key = Registry.LocalMachine.CreateSubKey(SourceKey);
            key.SetValue("EventMessageFile", File.Exists(own) ? own : SystemMessageFile, RegistryValueKind.ExpandString);
            key.SetValue("TypesSupported", TypesSupported, RegistryValueKind.DWord);
            return true;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return false;
        }
    }

    /// <summary>Removes the source. Existing entries stay.</summary>
    /// <returns>False when this user may not; true also when there was no source.</returns>
    public static bool TryUnregister()
    {
        try
        {
            Registry.LocalMachine.DeleteSubKeyTree(SourceKey, throwOnMissingSubKey: false);
            return true;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return false;
        }
    }

    private static bool IsRefusal(Exception e) => e is SecurityException or UnauthorizedAccessException or IOException;
}
