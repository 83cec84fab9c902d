using System.Buffers.Binary;

namespace VpcComApi.VirtualMachines.Qemu.Networks;

/// <summary>What the switch reads of a frame: two addresses. An address is its six bytes as a number.</summary>
internal static class EthernetFrame
{
    /// <summary>
    /// The shortest frame that has both addresses and a type. QEMU pads none, so guests do send shorter ones than a real wire carries.
    /// </summary>
    public const int ShortestLength = 14;

    /// <summary>The longest one: QEMU passes none on that is longer, whatever its guest does.</summary>
    public const int LongestLength = (64 + 4) * 1024;

    private const int AddressLength = 6;
    private const ulong GroupBit = 1UL << 40;

    /// <summary>Whom a frame is for.</summary>
    /// <param name="frame">At least <see cref="ShortestLength"/> bytes.</param>
    public static ulong Destination(ReadOnlySpan<byte> frame) => Address(frame);

    /// <summary>Whom it is from, by what it says.</summary>
    /// <param name="frame">At least <see cref="ShortestLength"/> bytes.</param>
    public static ulong Source(ReadOnlySpan<byte> frame) => Address(frame[AddressLength..]);

    /// <summary>Reads an address.</summary>
    /// <param name="bytes">At least six bytes.</param>
    public static ulong Address(ReadOnlySpan<byte> bytes) =>
        ((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);

    /// <summary>Whether an address is that of a group, or of everybody.</summary>
    /// <param name="address">The address.</param>
    public static bool IsGroup(ulong address) => (address & GroupBit) != 0;
}
