using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.VirtualMachines;

/// <summary>The system's poll(2), for one descriptor.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixPoll
{
    /// <summary>Waits until something has happened to a descriptor.</summary>
    /// <param name="descriptor">The descriptor, which stays open meanwhile.</param>
    /// <param name="wanted">
    /// What is asked for (POLLIN, POLLOUT); it may be nothing, because errors and hang-ups are always reported.
    /// </param>
    /// <param name="milliseconds">How long at most; 0 only looks.</param>
    /// <returns>What has happened; 0 when nothing has, or the wait was interrupted.</returns>
    public static short Wait(nint descriptor, short wanted, int milliseconds)
    {
        PollDescriptor asked = new() { Descriptor = (int)descriptor, Requested = wanted };
        return Poll(ref asked, 1, milliseconds) > 0 ? asked.Returned : (short)0;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    /// <summary>The system's pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        internal int Descriptor;
        internal short Requested;
        internal short Returned;
    }
}
