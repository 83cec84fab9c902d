using System.Runtime.InteropServices;
using VpcComApi.Platform.Windows;

namespace VpcComApi.ComServer.Verification;

/// <summary>Security identifiers as an array of SID_AND_ATTRIBUTES, in memory of their own.</summary>
internal sealed unsafe class PinnedSids : IDisposable
{
    private readonly byte*[] blocks;

    /// <summary>Copies the identifiers.</summary>
    public PinnedSids(IReadOnlyList<byte[]> sids)
    {
        blocks = new byte*[sids.Count];
        First = (Advapi32.SidAndAttributes*)NativeMemory.AllocZeroed((nuint)(sids.Count + 1), (nuint)sizeof(Advapi32.SidAndAttributes));
        for (int index = 0; index < sids.Count; index++)
        {
            blocks[index] = (byte*)NativeMemory.Alloc((nuint)sids[index].Length);
            sids[index].CopyTo(new Span<byte>(blocks[index], sids[index].Length));
            First[index].Sid = blocks[index];
        }
    }

    /// <summary>The array.</summary>
    public Advapi32.SidAndAttributes* First { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (byte* block in blocks)
        {
            NativeMemory.Free(block);
        }

        NativeMemory.Free(First);
    }
}
