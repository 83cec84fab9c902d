using System.Buffers.Binary;

namespace VpcComApi.VirtualMachines.Qemu.Networks;

/// <summary>The fields of a frame that the switch reads: two addresses. An address is the number of its six bytes.</summary>
internal static class EthernetFrame
{
    /// <summary>
    /// The shortest frame that has both addresses and a type. QEMU does not pad frames, so guests can send shorter ones than a real network
    /// transmits.
    /// </summary>
    public const int ShortestLength = 14;

    /// <summary>The longest one: QEMU does not pass on longer ones, whatever its guest does.</summary>
    public const int LongestLength = (64 + 4) * 1024;

    private const int AddressLength = 6;
    private const ulong GroupBit = 1UL << 40;

    /// <summary>The destination of a frame.</summary>
    /// <param name="frame">At least <see cref="ShortestLength"/> bytes.</param>
    public static ulong Destination(ReadOnlySpan<byte> frame) => Address(frame);

    /// <summary>The source address in a frame.</summary>
    /// <param name="frame">At least <see cref="ShortestLength"/> bytes.</param>
    public static ulong Source(ReadOnlySpan<byte> frame) => Address(frame[AddressLength..]);

    /// <summary>Reads an address.</summary>
    /// <param name="bytes">At least six bytes.</param>
    public static ulong Address(ReadOnlySpan<byte> bytes) =>
        ((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);

    /// <summary>Whether an address is a multicast or broadcast address.</summary>
    /// <param name="address">The address.</param>
    public static bool IsGroup(ulong address) => (address & GroupBit) != 0;
}
