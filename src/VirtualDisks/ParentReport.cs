namespace VpcComApi.VirtualDisks;

/// <summary>One image below a differencing image.</summary>
/// <param name="Path">Where it is, or where the image above it says that it is.</param>
/// <param name="State">How it was found.</param>
/// <param name="UniqueId">The id that the image above it knows it by.</param>
/// <param name="Kind">How it keeps its content; null when it was not found.</param>
public sealed record ParentReport(string Path, ParentState State, Guid UniqueId, VirtualDiskKind? Kind);
