namespace VpcComApi.VirtualMachines.Emulated.SavedState;

/// <summary>
/// What an emulated machine saves: a guest that is a process has no memory image, so it is the machine's non-volatile memory alone.
/// </summary>
internal sealed record EmulatedState
{
    /// <summary>The value of <see cref="EmulatedStateHeader.Format"/>.</summary>
    public const string FormatName = "VpcComApi emulated machine state";

    /// <summary>The version that this program writes, and the only one that it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>What the file is.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>The version of the form.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The machine that was saved.</summary>
    public required Guid ConfigurationId { get; init; }

    /// <summary>The guest's parameters by name.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
}
