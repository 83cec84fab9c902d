using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>What a host process hosts.</summary>
internal interface IMachinesHost : IAsyncDisposable
{
    /// <summary>The machines.</summary>
    IMachines Machines { get; }

    /// <summary>Whether a machine is powered up or an operation runs.</summary>
    bool IsBusy { get; }

    /// <summary>Whether a program of another version wants to take this host's place.</summary>
    bool IsEndRequested { get; }

    /// <summary>How long a host process that is not needed stays.</summary>
    TimeSpan IdleTimeout { get; }

    /// <summary><see cref="IsBusy"/> or <see cref="IsEndRequested"/> may have changed.</summary>
    event EventHandler? NeedChanged;
}
