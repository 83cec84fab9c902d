using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.VirtualMachines.Emulated.Processes;

/// <summary>
/// An emulated machine's non-volatile memory: the parameters that its guest stores. It exists longer than the guest's processes, so a reset
/// or a reboot loses nothing; it is stored in a file of the machine, and it is the content of a saved state. Thread-safe.
/// </summary>
internal sealed class GuestMemory
{
    private readonly Lock gate = new();
    private readonly Func<IReadOnlyDictionary<string, string>, bool> keep;
    private Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates a memory.</summary>
    /// <param name="parameters">The initial content.</param>
    /// <param name="keep">Stores the content persistently; returns false when that failed, and then the write is refused.</param>
    public GuestMemory(IReadOnlyDictionary<string, string> parameters, Func<IReadOnlyDictionary<string, string>, bool> keep)
    {
        this.keep = keep;
        foreach ((string name, string value) in parameters)
        {
            this.parameters[name] = value;
        }
    }

    /// <summary>A copy of the content.</summary>
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

    /// <summary>Stores a parameter.</summary>
    /// <param name="write">What the guest wrote.</param>
    /// <returns>False when it exceeds a limit.</returns>
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
