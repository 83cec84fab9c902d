using System.Runtime.Versioning;
using VpcComApi.Platform.Linux;

namespace VpcComApi.GuestServices.Native;

/// <summary>Lets Linux wake this process when its parent dies.</summary>
[SupportedOSPlatform("linux")]
internal static class ParentDeath
{
    /// <summary>
    /// Asks for SIGCONT at the parent's death. A guest that is paused is stopped and would never see its standard input end; so it goes on,
    /// sees it, and ends. To a guest that runs the signal means nothing.
    /// </summary>
    public static void Wakes() => _ = Libc.prctl(Libc.PR_SET_PDEATHSIG, Libc.SIGCONT, 0, 0, 0);
}
