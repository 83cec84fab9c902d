namespace VpcComApi.VpcBus.Rings;

/// <summary>Where memory and doorbell of a bus come from, and how the guest learns of them.</summary>
internal abstract class RingHandover : IDisposable
{
    /// <summary>The host's byte that it has rings; what belongs to it follows or is attached.</summary>
    protected const byte Yes = 1;

    /// <summary>The bit of the hello that says that a side can have rings this way.</summary>
    public abstract uint Capability { get; }

    /// <summary>The way in which this side can have rings over a link.</summary>
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

    /// <summary>On the host: makes the rings and tells the guest of them.</summary>
    /// <returns>Null when there are none; nothing was said then.</returns>
    public abstract ValueTask<RingBus?> GiveAsync(Stream link, BusOptions options, BusPeer peer, CancellationToken cancellationToken);

    /// <summary>On the guest: reads the host's byte and what belongs to it, and takes the rings.</summary>
    /// <returns>Null when there are none.</returns>
    public abstract ValueTask<RingBus?> TakeAsync(Stream link, CancellationToken cancellationToken);

    /// <summary>Lets go of what is not handed over.</summary>
    public abstract void Dispose();

    /// <summary>Makes rings of what was handed over.</summary>
    /// <returns>Null when the system has no room for them; memory and doorbell are let go of then.</returns>
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
