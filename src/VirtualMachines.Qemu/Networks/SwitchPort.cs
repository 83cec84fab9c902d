namespace VpcComApi.VirtualMachines.Qemu.Networks;

/// <summary>A card's place at a <see cref="NetworkSwitch"/>.</summary>
/// <param name="address">The card's own address.</param>
internal sealed class SwitchPort(ulong address)
{
    /// <summary>The card's own address, which no other port can take.</summary>
    public ulong Address { get; } = address;

    /// <summary>Frames that wait for the card.</summary>
    public FrameQueue Waiting { get; } = new();

    /// <summary>Further addresses that were seen behind the card, the oldest first. The switch's.</summary>
    public Queue<ulong> Learned { get; } = new();
}
