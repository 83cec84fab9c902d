namespace VpcComApi.VirtualMachines.Qemu.Networks;

/// <summary>A card's port of a <see cref="NetworkSwitch"/>.</summary>
/// <param name="address">The card's own address.</param>
internal sealed class SwitchPort(ulong address)
{
    /// <summary>The card's own address, which no other port can take.</summary>
    public ulong Address { get; } = address;

    /// <summary>Frames that wait for the card.</summary>
    public FrameQueue Waiting { get; } = new();

    /// <summary>Further source addresses of the card's frames, the oldest first. Used by the switch only.</summary>
    public Queue<ulong> Learned { get; } = new();
}
