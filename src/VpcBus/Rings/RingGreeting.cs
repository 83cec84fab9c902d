using System.Net.Sockets;
using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// What follows the verdicts when both hellos offered rings: the host sends one byte with memory and doorbell attached, the guest answers
/// with one byte whether it has mapped them. Whatever fails, the bus goes on without rings.
/// </summary>
internal static class RingGreeting
{
    /// <summary>The byte of a side that has rings.</summary>
    private const byte Yes = 1;

    /// <summary>The byte of a side that has not.</summary>
    private const byte No = 0;

    /// <summary>Whether this side can have rings over a link: on Linux, over a Unix socket, which passes descriptors on.</summary>
    public static bool IsPossible(Stream link, BusOptions options) =>
        options.UseRings && OperatingSystem.IsLinux() && Environment.Is64BitProcess && SocketOf(link) is not null;

    /// <summary>Makes or takes the rings.</summary>
    /// <param name="link">The link, behind the verdicts.</param>
    /// <param name="options">Who this side is.</param>
    /// <param name="peer">Who the other side is.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Null when there are none.</returns>
    /// <exception cref="IOException">The link failed.</exception>
    public static Task<RingBus?> RunAsync(Stream link, BusOptions options, BusPeer peer, CancellationToken cancellationToken) =>
        options.Side == BusSide.Host ? OfferAsync(link, options, peer, cancellationToken) : TakeAsync(link, cancellationToken);

    private static Socket? SocketOf(Stream link) =>
        link is NetworkStream { Socket: { AddressFamily: AddressFamily.Unix } socket } ? socket : null;

    private static async Task<RingBus?> OfferAsync(Stream link, BusOptions options, BusPeer peer, CancellationToken cancellationToken)
    {
        RingBus? rings = TrySend(SocketOf(link)!, options, peer);
        try
        {
            if (rings is null)
            {
                await link.WriteAsync(new[] { No }, cancellationToken);
            }

            byte[] answer = new byte[1];
            await link.ReadExactlyAsync(answer, cancellationToken);
            if (answer[0] == Yes && rings is not null)
            {
                return rings;
            }
        }
        catch
        {
            rings?.Close();
            throw;
        }

        rings?.Close();
        return null;
    }

    private static unsafe RingBus? TrySend(Socket link, BusOptions options, BusPeer peer)
    {
        var layout = new RingLayout(Math.Min(Math.Min(options.MaxChannelPairs, peer.MaxChannelPairs), RingLayout.MaxRings), options.RingSize);
        int* ends = stackalloc int[2];
        if (RingArena.TryCreate(layout, out SafeDescriptor memory) is not { } arena)
        {
            return null;
        }

        using (memory)
        {
            if (Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, ends) != 0)
            {
                arena.Release();
                return null;
            }

            using var theirs = new SafeDescriptor(ends[1]);
            RingBus? rings = TryBuild(BusSide.Host, arena, new SafeDescriptor(ends[0]));
            if (rings is not null && !DescriptorMessage.TrySend(link.SafeHandle, Yes, [memory, theirs]))
            {
                rings.Close();
                return null;
            }

            return rings;
        }
    }

    private static async Task<RingBus?> TakeAsync(Stream link, CancellationToken cancellationToken)
    {
        Socket socket = SocketOf(link)!;
        byte content;
        List<SafeDescriptor> descriptors;

        // Reading nothing waits until there is something. What is attached to a byte must be taken together with it.
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
            rings = TryBuild(BusSide.Guest, arena, descriptors[1]);
            descriptors.RemoveAt(1);
        }

        foreach (SafeDescriptor descriptor in descriptors)
        {
            descriptor.Dispose();
        }

        try
        {
            await link.WriteAsync(new[] { rings is null ? No : Yes }, cancellationToken);
            return rings;
        }
        catch
        {
            rings?.Close();
            throw;
        }
    }

    private static RingBus? TryBuild(BusSide side, RingArena arena, SafeDescriptor doorbell)
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
