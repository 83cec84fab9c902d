using VpcComApi.Interop;

namespace VpcComApi.ComServer.Automation;

/// <summary>The part that all of COM's enumerators have in common: a place in a list that does not change.</summary>
/// <typeparam name="T">What is walked.</typeparam>
/// <param name="elements">The list.</param>
/// <param name="position">Where to begin.</param>
internal sealed class SnapshotCursor<T>(IReadOnlyList<T> elements, int position = 0)
{
    private readonly Lock gate = new();
    private int position = position;

    /// <summary>Gives the next elements.</summary>
    /// <param name="count">How many are wanted.</param>
    /// <param name="fetched">Address of a ULONG that receives how many were given, or zero.</param>
    /// <param name="give">Gives one: its place in the caller's array, and the element.</param>
    /// <returns>S_OK, or S_FALSE when fewer were left than wanted.</returns>
    public unsafe int Next(uint count, nint fetched, Action<int, T> give)
    {
        lock (gate)
        {
            int given = 0;
            for (; given < count && position < elements.Count; given++, position++)
            {
                give(given, elements[position]);
            }

            if (fetched != 0)
            {
                *(uint*)fetched = (uint)given;
            }

            return given == count ? HResults.S_OK : HResults.S_FALSE;
        }
    }

    /// <summary>Leaves elements out.</summary>
    /// <param name="count">How many.</param>
    /// <returns>S_OK, or S_FALSE when fewer were left.</returns>
    public int Skip(uint count)
    {
        lock (gate)
        {
            long target = position + (long)count;
            position = (int)Math.Min(target, elements.Count);
            return position == target ? HResults.S_OK : HResults.S_FALSE;
        }
    }

    /// <summary>Goes back to the first element.</summary>
    /// <returns>S_OK.</returns>
    public int Reset()
    {
        lock (gate)
        {
            position = 0;
            return HResults.S_OK;
        }
    }

    /// <summary>Makes a cursor that stands where this one stands.</summary>
    public SnapshotCursor<T> Clone()
    {
        lock (gate)
        {
            return new SnapshotCursor<T>(elements, position);
        }
    }
}
