namespace VpcComApi.VirtualMachines.Providers;

/// <summary>
/// Makes machines run. The emulated provider runs a guest as a process; another may run QEMU. The domain knows them by this port alone and
/// assumes nothing about where the guest is. The host disposes its providers once, when its machines have ended.
/// </summary>
/// <remarks>docs/providers.md says how to write one.</remarks>
public interface IMachineProvider : IAsyncDisposable
{
    /// <summary>The name that a machine's configuration chooses the provider by, such as <c>emulated</c>.</summary>
    string Name { get; }

    /// <summary>Powers a machine up and returns when it has begun to execute; its guest is then still booting.</summary>
    /// <param name="start">What to start, and from which saved state if any.</param>
    /// <param name="progress">Receives 0 to 100 while the machine powers up.</param>
    /// <param name="cancellationToken">Gives the start up; nothing is left behind then.</param>
    /// <returns>The running machine. Its owner disposes it.</returns>
    /// <exception cref="VirtualMachineException">The machine could not start; the error and the text say why.</exception>
    Task<IRunningMachine> StartAsync(MachineStart start, IProgress<int> progress, CancellationToken cancellationToken);
}
