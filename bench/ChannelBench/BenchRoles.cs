namespace VpcComApi.ChannelBench;

/// <summary>The roles in which this program starts itself as a child process.</summary>
internal static class BenchRoles
{
    /// <summary>The load's server.</summary>
    public const string Server = "serve";

    /// <summary>Other work that uses a core.</summary>
    public const string Spinner = "spin";
}
