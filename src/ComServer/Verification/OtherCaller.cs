using System.Security.Principal;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Windows;

namespace VpcComApi.ComServer.Verification;

/// <summary>
/// Somebody that this process can act as without a password, to see what such a one is allowed: a thread takes on a token made from this
/// process's own, does one thing and gives it back.
/// </summary>
internal sealed unsafe class OtherCaller
{
    private const uint LuaToken = 4;
    private const int ImpersonationLevel = 2;
    private const int ImpersonationToken = 2;
    private const int TokenIntegrityLevel = 25;
    private const uint IntegrityAttribute = 0x20;
    private const uint FullTokenAccess = 0xF01FF;

    private readonly Action takeOn;

    private OtherCaller(string name, Action takeOn)
    {
        Name = name;
        this.takeOn = takeOn;
    }

    /// <summary>Who that is, for people.</summary>
    public string Name { get; }

    /// <summary>
    /// A caller who is in the same groups as this user and is neither he nor an administrator: both identifiers only deny in its token. It
    /// stands for another user.
    /// </summary>
    public static OtherCaller AnotherUser { get; } = new("another user", () => TakeOn(() => Restrict(0, WithoutUser())));

    /// <summary>A program of this user below medium integrity, as sandboxes run them.</summary>
    public static OtherCaller Sandboxed { get; } = new(
        "a sandboxed program", () => TakeOn(() => WithIntegrity(Duplicate(), TokenFacts.LowIntegrity)));

    /// <summary>Nobody: a caller that has not said who it is.</summary>
    public static OtherCaller Anonymous { get; } = new(
        "an anonymous caller", () => VerificationNative.ThrowIfFailed(Advapi32.ImpersonateAnonymousToken(Kernel32.GetCurrentThread())));

    /// <summary>A plain program of the same user, when this process is elevated.</summary>
    public static OtherCaller Plain { get; } = new(
        "a program that is not elevated", () => TakeOn(() => WithIntegrity(Restrict(LuaToken, []), TokenFacts.MediumIntegrity)));

    /// <summary>Those who must not get in anywhere.</summary>
    public static IReadOnlyList<OtherCaller> Unauthorized => [AnotherUser, Sandboxed, Anonymous];

    /// <summary>
    /// Does one thing as this caller. It is done as this process first: code and libraries are then loaded, which the other caller might
    /// not be allowed to do.
    /// </summary>
    /// <param name="attempt">What is done. It answers an error number or HRESULT, and 0 for success.</param>
    /// <param name="prepare">Done as this process before each of the two; null for nothing.</param>
    /// <returns>What it answered to this process, and to the other caller.</returns>
    public (int ToUs, int ToThem) Attempt(Func<int> attempt, Action? prepare = null)
    {
        prepare?.Invoke();
        int toUs = attempt();
        prepare?.Invoke();
        takeOn();
        try
        {
            return (toUs, attempt());
        }
        finally
        {
            VerificationNative.ThrowIfFailed(Advapi32.RevertToSelf());
        }
    }

    private static void TakeOn(Func<SafeAccessTokenHandle> make)
    {
        using SafeAccessTokenHandle token = make();
        VerificationNative.ThrowIfFailed(Advapi32.ImpersonateLoggedOnUser(token));
    }

    private static SafeAccessTokenHandle OwnToken() => TokenFacts.Open(Kernel32.GetCurrentProcess(), FullTokenAccess);

    private static SafeAccessTokenHandle Duplicate()
    {
        using SafeAccessTokenHandle own = OwnToken();
        VerificationNative.ThrowIfFailed(Advapi32.DuplicateTokenEx(
            own, FullTokenAccess, 0, ImpersonationLevel, ImpersonationToken, out SafeAccessTokenHandle duplicate));
        return duplicate;
    }

    private static byte[][] WithoutUser()
    {
        using WindowsIdentity identity = WindowsIdentity.GetCurrent();
        SecurityIdentifier administrators = new(WellKnownSidType.BuiltinAdministratorsSid, null);
        return [ToBytes(identity.User!), ToBytes(administrators)];
    }

    private static SafeAccessTokenHandle Restrict(uint flags, byte[][] disabled)
    {
        using SafeAccessTokenHandle own = OwnToken();
        using PinnedSids sids = new(disabled);
        VerificationNative.ThrowIfFailed(Advapi32.CreateRestrictedToken(
            own, flags, (uint)disabled.Length, sids.First, 0, 0, 0, 0, out SafeAccessTokenHandle restricted));
        return restricted;
    }

    private static SafeAccessTokenHandle WithIntegrity(SafeAccessTokenHandle token, int level)
    {
        byte[] sid = ToBytes(new SecurityIdentifier($"S-1-16-{level}"));
        fixed (byte* first = sid)
        {
            Advapi32.SidAndAttributes label = new() { Sid = first, Attributes = IntegrityAttribute };
            VerificationNative.ThrowIfFailed(Advapi32.SetTokenInformation(
                token, TokenIntegrityLevel, &label, (uint)(sizeof(Advapi32.SidAndAttributes) + sid.Length)));
        }

        return token;
    }

    private static byte[] ToBytes(SecurityIdentifier sid)
    {
        byte[] bytes = new byte[sid.BinaryLength];
        sid.GetBinaryForm(bytes, 0);
        return bytes;
    }
}
