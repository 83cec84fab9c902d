using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using VpcComApi.Platform.Windows;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines.Real;

/// <summary>The users that are logged on to a Windows guest, read with the Remote Desktop Services API.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsLogonSessions : ILogonSessions
{
    private const int UserNameInformation = 5;
    private const int ClientProtocolInformation = 16;
    private const ushort RemoteDesktopProtocol = 2;

    /// <summary>The shell of a session that shows single applications.</summary>
    private const string SeamlessShell = "rdpinit";

    /// <inheritdoc/>
    public bool IsUserLoggedOn(LogonSessionKind kind)
    {
        IReadOnlyList<uint> remote = [.. UserSessions().Where(IsRemoteDesktop)];
        if (remote.Count == 0)
        {
            return false;
        }

        HashSet<uint> seamless = [];
        foreach (Process shell in Process.GetProcessesByName(SeamlessShell))
        {
            using (shell)
            {
                seamless.Add((uint)shell.SessionId);
            }
        }

        return remote.Any(session => seamless.Contains(session) == (kind == LogonSessionKind.SeamlessApplication));
    }

    /// <inheritdoc/>
    public void CheckLogoff()
    {
        if (UserSessions().Count == 0)
        {
            throw new RequestRefusedException(IntegrationErrors.NoLogonSession, "Nobody is logged on to the guest.");
        }
    }

    /// <inheritdoc/>
    public void LogoffAll()
    {
        foreach (uint session in UserSessions())
        {
            WtsApi32.WTSLogoffSession(0, session, wait: false);
        }
    }

    /// <summary>The sessions to which a user has logged on.</summary>
    private static List<uint> UserSessions()
    {
        if (!WtsApi32.WTSEnumerateSessions(0, 0, 1, out WtsApi32.SessionInfo* sessions, out uint count))
        {
            throw new RequestRefusedException(
                IntegrationErrors.Failed, $"The guest's sessions cannot be listed (error {Marshal.GetLastPInvokeError()}).");
        }

        try
        {
            List<uint> found = [];
            for (uint i = 0; i < count; i++)
            {
                if (Query(sessions[i].SessionId, UserNameInformation, static (text, bytes) => bytes > sizeof(char) && *(char*)text != 0))
                {
                    found.Add(sessions[i].SessionId);
                }
            }

            return found;
        }
        finally
        {
            WtsApi32.WTSFreeMemory(sessions);
        }
    }

    private static bool IsRemoteDesktop(uint session) =>
        Query(
            session,
            ClientProtocolInformation,
            static (value, bytes) => bytes >= sizeof(ushort) && *(ushort*)value == RemoteDesktopProtocol);

    private static bool Query(uint session, int information, QueryTest test)
    {
        if (!WtsApi32.WTSQuerySessionInformation(0, session, information, out void* value, out uint bytes))
        {
            return false;
        }

        try
        {
            return test(value, bytes);
        }
        finally
        {
            WtsApi32.WTSFreeMemory(value);
        }
    }

    private delegate bool QueryTest(void* value, uint bytes);
}
