using System.Security.Cryptography;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// Rings between a host and a virtual machine: both already have memory and doorbell, from a device of the machine. The host initialises
/// the memory, writes a new key into it and sends the key over the link, by which the guest recognises the right memory.
/// </summary>
/// <param name="device">The device, reserved for this bus.</param>
internal sealed class DeviceHandover(RingDevice device) : RingHandover
{
    private bool isTaken;

    /// <inheritdoc/>
    public override uint Capability => Hello.DeviceRingsCapability;

    /// <inheritdoc/>
    public override async ValueTask<RingBus?> GiveAsync(Stream link, BusOptions options, BusPeer peer, CancellationToken cancellationToken)
    {
        byte[] answer = new byte[1 + RingLayout.KeyLength];
        answer[0] = Yes;
        RandomNumberGenerator.Fill(answer.AsSpan(1));
        if (TryTake(BusSide.Host, answer.AsSpan(1)) is not { } rings)
        {
            return null;
        }

        try
        {
            await link.WriteAsync(answer, cancellationToken);
            return rings;
        }
        catch
        {
            rings.Close();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<RingBus?> TakeAsync(Stream link, CancellationToken cancellationToken)
    {
        byte[] answer = new byte[1 + RingLayout.KeyLength];
        await link.ReadExactlyAsync(answer.AsMemory(0, 1), cancellationToken);
        if (answer[0] != Yes)
        {
            return null;
        }

        await link.ReadExactlyAsync(answer.AsMemory(1), cancellationToken);
        return TryTake(BusSide.Guest, answer.AsSpan(1));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (!isTaken)
        {
            device.GiveUp();
        }
    }

    private RingBus? TryTake(BusSide side, ReadOnlySpan<byte> key)
    {
        if (device.TryTake(key) is not { } taken)
        {
            return null;
        }

        // From here on the arena's last user releases the device.
        isTaken = true;
        return TryBuild(side, taken.Arena, taken.Doorbell);
    }
}
