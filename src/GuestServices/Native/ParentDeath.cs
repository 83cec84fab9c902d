using System.Runtime.Versioning;
using VpcComApi.Platform.Linux;

namespace VpcComApi.GuestServices.Native;

/// <summary>Makes Linux wake this process when its parent process ends.</summary>
[SupportedOSPlatform("linux")]
internal static class ParentDeath
{
    /// <summary>
    /// Requests SIGCONT at the end of the parent process. A paused guest is stopped and would never detect the end of its standard input;
    /// the signal makes it continue, detect that, and end. The signal has no effect on a running guest.
    /// </summary>
    public static void Wakes() => _ = Libc.prctl(Libc.PR_SET_PDEATHSIG, Libc.SIGCONT, 0, 0, 0);
}
