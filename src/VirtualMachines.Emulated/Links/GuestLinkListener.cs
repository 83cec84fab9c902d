namespace VpcComApi.VirtualMachines.Emulated.Links;

/// <summary>
/// The host's end of a machine's bus device, to which the guest's process connects. One connection at a time, from this user on this
/// computer.
/// </summary>
internal abstract class GuestLinkListener : IAsyncDisposable
{
    /// <summary>The address, in the form for the guest: <c>unix:PATH</c> or <c>pipe:NAME</c>.</summary>
    public abstract string Address { get; }

    /// <summary>Creates the listener for this platform.</summary>
    /// <exception cref="IOException">It could not be created.</exception>
    public static GuestLinkListener Create() => OperatingSystem.IsWindows() ? new PipeLinkListener() : new UnixLinkListener();

    /// <summary>Creates the address, so that the first attempt of a guest that starts now succeeds.</summary>
    /// <exception cref="IOException">It could not be created.</exception>
    public abstract void Open();

    /// <summary>Waits for a connection. No other one is possible until the next <see cref="Open"/>.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The connection. The caller disposes it.</returns>
    public abstract Task<GuestLink> AcceptAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
