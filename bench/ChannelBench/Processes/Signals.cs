using System.Runtime.InteropServices;

namespace VpcComApi.ChannelBench.Processes;

/// <summary>Signals to processes, which .NET can only kill.</summary>
internal static partial class Signals
{
    private const int SigTerm = 15;

    /// <summary>Asks a process to end. One that has ended needs no asking.</summary>
    /// <param name="processId">Its number.</param>
    public static void Terminate(int processId) => _ = Kill(processId, SigTerm);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
