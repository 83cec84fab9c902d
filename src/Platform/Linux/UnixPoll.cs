using System.Runtime.Versioning;

namespace VpcComApi.Platform.Linux;

/// <summary>The system's poll(2), for one descriptor.</summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixPoll
{
    /// <summary>Waits for events of a descriptor.</summary>
    /// <param name="descriptor">The descriptor, which must stay open during the call.</param>
    /// <param name="wanted">
    /// The events (<see cref="Libc.POLLIN"/>, <see cref="Libc.POLLOUT"/>); it may be nothing, because errors and hang-ups are always
    /// reported.
    /// </param>
    /// <param name="milliseconds">The limit of the wait; 0 not to wait.</param>
    /// <returns>The events; 0 when there were none, or the wait was interrupted.</returns>
    public static short Wait(nint descriptor, short wanted, int milliseconds)
    {
        Libc.PollDescriptor asked = new() { Descriptor = (int)descriptor, Requested = wanted };
        return Libc.poll(ref asked, 1, milliseconds) > 0 ? asked.Returned : (short)0;
    }
}
