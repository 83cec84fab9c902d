namespace VpcComApi.VpcBus.Rings;

/// <summary>The source of a bus's memory and doorbell, and how the guest gets them.</summary>
internal abstract class RingHandover : IDisposable
{
    /// <summary>The byte by which the host announces rings; the data that belongs to it follows or is attached.</summary>
    protected const byte Yes = 1;

    /// <summary>The bit in the hello for this source of rings.</summary>
    public abstract uint Capability { get; }

    /// <summary>Finds the source of rings that this side can use over a link.</summary>
    /// <param name="link">The link, before the hello.</param>
    /// <param name="options">Who this side is.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Null when there is none.</returns>
    public static async ValueTask<RingHandover?> PrepareAsync(Stream link, BusOptions options, CancellationToken cancellationToken)
    {
        if (!options.UseRings || !OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return null;
        }

        return link is IRingLink declared ? await declared.PrepareRingsAsync(options.TimeProvider, cancellationToken) : null;
    }

    /// <summary>On the host: creates the rings and announces them to the guest.</summary>
    /// <returns>Null when there are none; then nothing was announced.</returns>
    public abstract ValueTask<RingBus?> GiveAsync(Stream link, BusOptions options, BusPeer peer, CancellationToken cancellationToken);

    /// <summary>On the guest: reads the host's byte and the data that belongs to it, and takes the rings.</summary>
    /// <returns>Null when there are none.</returns>
    public abstract ValueTask<RingBus?> TakeAsync(Stream link, CancellationToken cancellationToken);

    /// <summary>Releases what was not handed over.</summary>
    public abstract void Dispose();

    /// <summary>Creates the rings from what was handed over.</summary>
    /// <returns>Null when the system cannot create them; memory and doorbell are released then.</returns>
    protected static RingBus? TryBuild(BusSide side, RingArena arena, RingDoorbell doorbell)
    {
        try
        {
            return new RingBus(side, arena, doorbell);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
