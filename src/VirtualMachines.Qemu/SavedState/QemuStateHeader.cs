namespace VpcComApi.VirtualMachines.Qemu.SavedState;

/// <summary>The first line of a saved state: its format and its machine.</summary>
internal sealed record QemuStateHeader
{
    /// <summary>The value of <see cref="Format"/>.</summary>
    public const string FormatName = "VpcComApi QEMU machine";

    /// <summary>The version that is written.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Always <see cref="FormatName"/>.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>The version of this format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The machine's unique id.</summary>
    public required Guid ConfigurationId { get; init; }

    /// <summary>The version of QEMU that has written it; a later one can read it.</summary>
    public required string QemuVersion { get; init; }

    /// <summary>The machine's memory in megabytes: it cannot change while it is saved.</summary>
    public required int MemoryMegabytes { get; init; }

    /// <summary>Whether the machine had memory that it shared with the host; it must have it again.</summary>
    public bool SharesMemory { get; init; }
}
