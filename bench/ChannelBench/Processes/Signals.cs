using System.Runtime.InteropServices;

namespace VpcComApi.ChannelBench.Processes;

/// <summary>Signals to processes; .NET can only kill a process.</summary>
internal static partial class Signals
{
    private const int SigTerm = 15;

    /// <summary>Requests the end of a process. Does nothing if it has ended.</summary>
    /// <param name="processId">The process id.</param>
    public static void Terminate(int processId) => _ = Kill(processId, SigTerm);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
