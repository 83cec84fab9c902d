using System.Net.Sockets;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Linux;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// Rings between two processes of one system: the host creates memory and doorbell and passes their descriptors over the Unix socket that
/// is the link.
/// </summary>
/// <param name="socket">The link.</param>
internal sealed class SocketHandover(Socket socket) : RingHandover
{
    /// <inheritdoc/>
    public override uint Capability => Hello.RingsCapability;

    /// <inheritdoc/>
    public override ValueTask<RingBus?> GiveAsync(Stream link, BusOptions options, BusPeer peer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(TrySend(options, peer));

    /// <inheritdoc/>
    public override async ValueTask<RingBus?> TakeAsync(Stream link, CancellationToken cancellationToken)
    {
        byte content;
        List<SafeDescriptor> descriptors;

        // Reading zero bytes waits until there are bytes. The descriptors attached to a byte must be received together with it.
        _ = await link.ReadAsync(Memory<byte>.Empty, cancellationToken);
        while (!DescriptorMessage.TryReceive(socket.SafeHandle, out content, out descriptors))
        {
            if (socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0)
            {
                throw new EndOfStreamException();
            }

            _ = await link.ReadAsync(Memory<byte>.Empty, cancellationToken);
        }

        RingBus? rings = null;
        if (content == Yes && descriptors.Count == 2 && RingArena.TryOpen(descriptors[0]) is { } arena)
        {
            rings = TryBuild(BusSide.Guest, arena, new RingDoorbell(descriptors[1], isSocket: true, endsBus: false));
            descriptors.RemoveAt(1);
        }

        foreach (SafeDescriptor descriptor in descriptors)
        {
            descriptor.Dispose();
        }

        return rings;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // The link belongs to its owner, and there is nothing else to release.
    }

    private RingBus? TrySend(BusOptions options, BusPeer peer)
    {
        RingLayout layout = new(Math.Min(Math.Min(options.MaxChannelPairs, peer.MaxChannelPairs), RingLayout.MaxRings), options.RingSize);
        if (RingArena.TryCreate(layout, out SafeDescriptor memory) is not { } arena)
        {
            return null;
        }

        using (memory)
        {
            RingDoorbell? doorbell = RingDoorbell.TryCreate(out SafeDescriptor theirs);
            using (theirs)
            {
                if (doorbell is null)
                {
                    arena.Release();
                    return null;
                }

                RingBus? rings = TryBuild(BusSide.Host, arena, doorbell);
                if (rings is not null && !DescriptorMessage.TrySend(socket.SafeHandle, Yes, [memory, theirs]))
                {
                    rings.Close();
                    return null;
                }

                return rings;
            }
        }
    }
}
