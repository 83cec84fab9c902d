using System.Runtime.InteropServices;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// Ring memory of zeros on this process's heap, for two ends in one process. Works on every system and needs no release.
/// </summary>
/// <param name="length">Bytes.</param>
internal sealed class HeapRingMemory(int length) : IRingMemory
{
    private readonly byte[] bytes = GC.AllocateArray<byte>(length, pinned: true);

    /// <inheritdoc/>
    public nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0);

    /// <inheritdoc/>
    public long Length => bytes.Length;

    /// <inheritdoc/>
    public void Discard(long offset, long length) => bytes.AsSpan((int)offset, (int)length).Clear();
}
