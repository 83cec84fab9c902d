namespace VpcComApi.ChannelBench;

/// <summary>What this program is when it is started by itself.</summary>
internal static class BenchRoles
{
    /// <summary>The load's server.</summary>
    public const string Server = "serve";

    /// <summary>Other work that wants a core.</summary>
    public const string Spinner = "spin";
}
