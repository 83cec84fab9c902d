using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace VpcComApi.Fuzz;

/// <summary>Which branches an instrumented VpcBus.dll has taken, and how often: 64 KiB of counters, as AFL has them.</summary>
internal sealed unsafe class CoverageMap
{
    private const int Size = 64 * 1024;

    private readonly byte* counters = (byte*)NativeMemory.AllocZeroed(Size);
    private readonly byte[] seen = new byte[Size];

    /// <summary>Lets instrumented code count here.</summary>
    public CoverageMap() => Trace.SharedMem = counters;

    /// <summary>Branches that any run has taken.</summary>
    public int Branches => seen.Count(static counts => counts != 0);

    /// <summary>Begins a run.</summary>
    public void Clear()
    {
        new Span<byte>(counters, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Ends a run.</summary>
    /// <returns>Whether it took a branch that none took before, or took one many times more often.</returns>
    public bool IsNew()
    {
        bool isNew = false;
        for (int n = 0; n < Size; n++)
        {
            byte count = counters[n];
            if (count == 0)
            {
                continue;
            }

            // 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, 128 and more.
            byte bucket = count switch
            {
                1 => 1, 2 => 2, 3 => 4, < 8 => 8, < 16 => 16, < 32 => 32, < 128 => 64, _ => 128,
            };
            if ((seen[n] & bucket) == 0)
            {
                seen[n] |= bucket;
                isNew = true;
            }
        }

        return isNew;
    }
}
