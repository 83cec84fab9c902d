namespace VpcComApi.CommandLine.Machines;

/// <summary>How long things may take.</summary>
internal static class Limits
{
    /// <summary>The longest wait that one call may ask a host for, in milliseconds.</summary>
    public const int LongestWaitMilliseconds = 10_000;

    /// <summary>How long a host may take to answer a call, beyond the wait that the call asks for.</summary>
    public static readonly TimeSpan Answer = TimeSpan.FromSeconds(30);

    /// <summary>How long a host process may take to come up.</summary>
    public static readonly TimeSpan HostStart = TimeSpan.FromSeconds(20);

    /// <summary>How long typing may take: a key sequence can hold for half a minute.</summary>
    public static readonly TimeSpan Typing = TimeSpan.FromSeconds(60);
}
