namespace VpcComApi.CommandLine.Machines;

/// <summary>How this program gets at the machines on this platform.</summary>
internal interface IMachinesSource
{
    /// <summary>Connects to the process that hosts the machines, and starts one where there is none.</summary>
    Task<IMachinesSession> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Hosts the machines in this process, or connects to the process that does.</summary>
    Task<IMachinesSession> HostOrConnectAsync(CancellationToken cancellationToken);

    /// <summary>Hosts the machines until nobody has needed them for a while.</summary>
    /// <param name="ready">Called when other programs can connect.</param>
    /// <param name="cancellationToken">Ends the host.</param>
    /// <returns>False when another process is the host.</returns>
    Task<bool> HostUntilIdleAsync(Action ready, CancellationToken cancellationToken);
}
