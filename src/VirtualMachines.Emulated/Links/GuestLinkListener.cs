namespace VpcComApi.VirtualMachines.Emulated.Links;

/// <summary>
/// The machine's end of its bus device: where the guest's process connects. One guest at a time, of this user, on this machine.
/// </summary>
internal abstract class GuestLinkListener : IAsyncDisposable
{
    /// <summary>The address as the guest's configuration has it: <c>unix:PATH</c> or <c>pipe:NAME</c>.</summary>
    public abstract string Address { get; }

    /// <summary>Makes a listener of the kind that this platform has.</summary>
    /// <exception cref="IOException">It could not be made.</exception>
    public static GuestLinkListener Create() => OperatingSystem.IsWindows() ? new PipeLinkListener() : new UnixLinkListener();

    /// <summary>Makes the address exist, so that a guest that starts now finds it at its first try.</summary>
    /// <exception cref="IOException">It could not be made.</exception>
    public abstract void Open();

    /// <summary>Waits for somebody to connect. Nobody else can until the next <see cref="Open"/>.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The connection. The caller disposes it.</returns>
    public abstract Task<GuestLink> AcceptAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
