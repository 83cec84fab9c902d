namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>
/// A model of a virtual serial port: the guest's end is always open, the host connects to the other end repeatedly, and bytes are
/// lost or handed over twice where a connection is cut. All by the seed.
/// </summary>
/// <param name="seed">Decides where it is cut and what is lost.</param>
/// <param name="fault">What goes wrong at a cut.</param>
/// <param name="leastBytes">Bytes both ways that every connection lasts.</param>
/// <param name="mostBytes">Bytes both ways that no connection outlasts.</param>
internal sealed class LossyPort(int seed, LinkFault fault, int leastBytes = 20_000, int mostBytes = 600_000)
{
    private readonly Random random = new(seed);
    private readonly LossyWire toGuest = new();
    private readonly LossyWire toHost = new();
    private readonly Lock gate = new();
    private PortConnection? host;
    private PortConnection? guest;
    private TaskCompletionSource hostIsThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool whole;
    private long left;

    /// <summary>How often a connection was cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>The host connects. An earlier connection of it ends.</summary>
    public Task<Stream> ConnectHostAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            host?.Break();
            guest?.Break();
            Spoil();
            host = new PortConnection();
            left = whole ? long.MaxValue : random.Next(leastBytes, mostBytes);
            hostIsThere.TrySetResult();
            return Task.FromResult<Stream>(new PortEnd(this, host, toGuest, toHost));
        }
    }

    /// <summary>The guest opens its end, once a host is there.</summary>
    public async Task<Stream> OpenGuestAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task there;
            lock (gate)
            {
                if (host is { IsBroken: false })
                {
                    guest?.Break();
                    guest = new PortConnection();
                    return new PortEnd(this, guest, toHost, toGuest);
                }

                there = hostIsThere.Task;
            }

            await there.WaitAsync(cancellationToken);
        }
    }

    /// <summary>From the next connection on there are no faults.</summary>
    public void Heal()
    {
        lock (gate)
        {
            whole = true;
            Cut();
        }
    }

    /// <summary>Cuts the connection now.</summary>
    public void Cut()
    {
        lock (gate)
        {
            if (host is { IsBroken: false })
            {
                Cuts++;
                HostLeaves();
            }
        }
    }

    /// <summary>An end closes its connection. Only the guest notices when the other one does.</summary>
    public void Leave(PortConnection end)
    {
        lock (gate)
        {
            if (end == host && !end.IsBroken)
            {
                HostLeaves();
            }

            end.Break();
        }
    }

    /// <summary>An end is about to pass bytes on.</summary>
    /// <returns>How many of them are transferred; the connection ends after them.</returns>
    public int Use(PortConnection end, int length)
    {
        lock (gate)
        {
            if (end.IsBroken)
            {
                return 0;
            }

            int passed = (int)Math.Min(length, left);
            left -= passed;
            return passed;
        }
    }

    private void HostLeaves()
    {
        host?.Break();
        guest?.Break();
        hostIsThere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Decides whether bytes in transit are lost, kept or duplicated.</summary>
    private void Spoil()
    {
        foreach (LossyWire wire in new[] { toGuest, toHost })
        {
            switch (fault)
            {
                case LinkFault.Cuts:
                    wire.Clear();
                    break;
                case LinkFault.LosesBytes:
                    wire.LoseSome(random);
                    break;
                case LinkFault.ReplaysStaleBytes:
                    wire.ReplaySome(random);
                    break;
            }
        }
    }
}
