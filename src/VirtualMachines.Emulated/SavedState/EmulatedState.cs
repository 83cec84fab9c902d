namespace VpcComApi.VirtualMachines.Emulated.SavedState;

/// <summary>
/// The saved state of an emulated machine. A guest that is a process has no memory image, so it contains only the machine's non-volatile
/// memory.
/// </summary>
internal sealed record EmulatedState
{
    /// <summary>The value of <see cref="EmulatedStateHeader.Format"/>.</summary>
    public const string FormatName = "VpcComApi emulated machine state";

    /// <summary>The version that this program writes, and the only one that it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The format of the file.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>The version of the format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The machine that was saved.</summary>
    public required Guid ConfigurationId { get; init; }

    /// <summary>The guest's parameters by name.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
}
