using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.VirtualMachines.Emulated.Processes;

/// <summary>
/// An emulated machine's non-volatile memory: the parameters that its guest keeps. It outlives the guest's processes, so a reset or a
/// reboot loses nothing, it is kept in a file of the machine's, and it is what a saved state holds. Safe for many threads.
/// </summary>
internal sealed class GuestMemory
{
    private readonly Lock gate = new();
    private readonly Func<IReadOnlyDictionary<string, string>, bool> keep;
    private Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a memory.</summary>
    /// <param name="parameters">What it holds at first.</param>
    /// <param name="keep">Makes what it holds outlive the machine's power; false when that failed, and then the write is refused.</param>
    public GuestMemory(IReadOnlyDictionary<string, string> parameters, Func<IReadOnlyDictionary<string, string>, bool> keep)
    {
        this.keep = keep;
        foreach ((string name, string value) in parameters)
        {
            this.parameters[name] = value;
        }
    }

    /// <summary>A copy of what it holds.</summary>
    public IReadOnlyDictionary<string, string> Parameters
    {
        get
        {
            lock (gate)
            {
                return new Dictionary<string, string>(parameters, StringComparer.OrdinalIgnoreCase);
            }
        }
    }

    /// <summary>Whether a parameter is within the limits.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public static bool IsValid(string? name, string? value) =>
        name?.Length is > 0 and <= BoardWrite.MaxNameLength && value?.Length is <= BoardWrite.MaxValueLength;

    /// <summary>Keeps a parameter.</summary>
    /// <param name="write">What the guest wrote.</param>
    /// <returns>False when it breaks a limit.</returns>
    public bool TryWrite(BoardWrite write)
    {
        lock (gate)
        {
            if (!IsValid(write.Parameter, write.Value)
                || (parameters.Count >= BoardWrite.MaxParameters && !parameters.ContainsKey(write.Parameter)))
            {
                return false;
            }

            Dictionary<string, string> next = new(parameters, StringComparer.OrdinalIgnoreCase) { [write.Parameter] = write.Value };
            if (!keep(next))
            {
                return false;
            }

            parameters = next;
            return true;
        }
    }
}
