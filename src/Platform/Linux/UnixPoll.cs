using System.Runtime.Versioning;

namespace VpcComApi.Platform.Linux;

/// <summary>The system's poll(2), for one descriptor.</summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixPoll
{
    /// <summary>Waits until something has happened to a descriptor.</summary>
    /// <param name="descriptor">The descriptor, which stays open meanwhile.</param>
    /// <param name="wanted">
    /// What is asked for (<see cref="Libc.POLLIN"/>, <see cref="Libc.POLLOUT"/>); it may be nothing, because errors and hang-ups are always
    /// reported.
    /// </param>
    /// <param name="milliseconds">How long at most; 0 only looks.</param>
    /// <returns>What has happened; 0 when nothing has, or the wait was interrupted.</returns>
    public static short Wait(nint descriptor, short wanted, int milliseconds)
    {
        Libc.PollDescriptor asked = new() { Descriptor = (int)descriptor, Requested = wanted };
        return Libc.poll(ref asked, 1, milliseconds) > 0 ? asked.Returned : (short)0;
    }
}
