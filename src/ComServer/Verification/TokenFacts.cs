using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Principal;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Windows;

namespace VpcComApi.ComServer.Verification;

/// <summary>Who a process is to Windows.</summary>
/// <param name="User">The user's security identifier.</param>
/// <param name="IsElevated">Whether it runs elevated (TokenElevation).</param>
/// <param name="Integrity">The integrity level's last number: 0x1000 low, 0x2000 medium, 0x3000 high, 0x4000 system.</param>
/// <param name="Session">The session.</param>
internal sealed unsafe record TokenFacts(SecurityIdentifier User, bool IsElevated, int Integrity, int Session)
{
    /// <summary>The integrity of a plain program.</summary>
    public const int MediumIntegrity = 0x2000;

    /// <summary>The integrity of a sandboxed program.</summary>
    public const int LowIntegrity = 0x1000;

    private const int TokenSessionId = 12;
    private const int TokenElevation = 20;
    private const int TokenIntegrityLevel = 25;
    private const int MaximumLabelSize = 256;

    /// <summary>Of this process.</summary>
    public static TokenFacts OfThisProcess
    {
        get
        {
            using SafeAccessTokenHandle token = Open(Kernel32.GetCurrentProcess(), (uint)TokenAccessLevels.Query);
            return Read(token);
        }
    }

    /// <summary>Of another process.</summary>
    /// <exception cref="Win32Exception">It is gone, or not this user's to ask.</exception>
    public static TokenFacts Of(int processId)
    {
        using SafeProcessHandle process = new(
            Kernel32.OpenProcess(Kernel32.PROCESS_QUERY_LIMITED_INFORMATION, inherit: false, (uint)processId), ownsHandle: true);
        if (process.IsInvalid)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        using SafeAccessTokenHandle token = Open(process.DangerousGetHandle(), (uint)TokenAccessLevels.Query);
        return Read(token);
    }

    /// <summary>In words.</summary>
    public override string ToString() => $"{(IsElevated ? "elevated" : "not elevated")}, integrity 0x{Integrity:X4}, session {Session}";

    /// <summary>Opens the token of a process.</summary>
    internal static SafeAccessTokenHandle Open(nint process, uint access)
    {
        VerificationNative.ThrowIfFailed(Advapi32.OpenProcessToken(process, access, out SafeAccessTokenHandle token));
        return token;
    }

    private static TokenFacts Read(SafeAccessTokenHandle token)
    {
        using WindowsIdentity identity = new(token.DangerousGetHandle());
        return new TokenFacts(identity.User!, Number(token, TokenElevation) != 0, ReadIntegrity(token), Number(token, TokenSessionId));
    }

    private static int Number(SafeAccessTokenHandle token, int kind)
    {
        int value = 0;
        VerificationNative.ThrowIfFailed(Advapi32.GetTokenInformation(token, kind, &value, sizeof(int), out _));
        return value;
    }

    private static int ReadIntegrity(SafeAccessTokenHandle token)
    {
        byte* label = stackalloc byte[MaximumLabelSize];
        VerificationNative.ThrowIfFailed(Advapi32.GetTokenInformation(token, TokenIntegrityLevel, label, MaximumLabelSize, out _));
        string sid = new SecurityIdentifier((nint)(*(byte**)label)).Value;
        return int.Parse(sid[(sid.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
