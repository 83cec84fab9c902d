using VpcComApi.VirtualDisks;

namespace VpcComApi.CommandLine.Disks;

/// <summary>One disk below a differencing disk.</summary>
/// <param name="File">Where it is, or where the disk above it says that it is.</param>
/// <param name="State">How it was found.</param>
/// <param name="UniqueId">The id that the disk above it knows it by.</param>
/// <param name="Kind">What it is; null when it was not found.</param>
internal sealed record DiskParent(string File, ParentState State, Guid UniqueId, DiskKind? Kind);
