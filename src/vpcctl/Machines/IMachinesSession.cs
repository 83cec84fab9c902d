namespace VpcComApi.CommandLine.Machines;

/// <summary>A command's access to the machines, for as long as the command runs.</summary>
internal interface IMachinesSession : IAsyncDisposable
{
    /// <summary>The machines.</summary>
    IMachines Machines { get; }

    /// <summary>Who hosts them.</summary>
    HostDescription Host { get; }

    /// <summary>Whether this process hosts them, so that machines which others have started end with it.</summary>
    bool IsHostedHere { get; }

    /// <summary>Waits until no machine depends on this process.</summary>
    Task WaitUntilNobodyDependsAsync(CancellationToken cancellationToken);
}
