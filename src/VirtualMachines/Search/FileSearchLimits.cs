namespace VpcComApi.VirtualMachines.Search;

/// <summary>
/// How far a search for files goes. What it has found by then is its answer, and the event log says that there may be more.
/// </summary>
/// <param name="Files">The most files that are found.</param>
/// <param name="Folders">The most folders that are looked into.</param>
/// <param name="Depth">The deepest folder below the one that was given.</param>
/// <param name="Time">The longest time.</param>
internal sealed record FileSearchLimits(int Files, int Folders, int Depth, TimeSpan Time)
{
    /// <summary>More than a user's disks have, and less than what would hang a client for ever.</summary>
    public static FileSearchLimits Default { get; } = new(Files: 100_000, Folders: 200_000, Depth: 64, TimeSpan.FromMinutes(1));
}
