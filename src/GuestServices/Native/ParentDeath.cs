using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.GuestServices.Native;

/// <summary>Lets Linux wake this process when its parent dies.</summary>
[SupportedOSPlatform("linux")]
internal static partial class ParentDeath
{
    private const int SetParentDeathSignal = 1;
    private const int SigCont = 18;

    /// <summary>
    /// Asks for SIGCONT at the parent's death. A guest that is paused is stopped and would never see its standard input end; so it goes on,
    /// sees it, and ends. To a guest that runs the signal means nothing.
    /// </summary>
    public static void Wakes() => _ = Prctl(SetParentDeathSignal, SigCont, 0, 0, 0);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);
}
