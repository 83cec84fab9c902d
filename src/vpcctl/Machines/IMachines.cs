using PolyType;
using StreamJsonRpc;

namespace VpcComApi.CommandLine.Machines;

/// <summary>
/// The machines of this user, as the commands need them, wherever they are hosted: in this process, in another process on this machine, or
/// in vpc.exe behind COM. Calls are short: what takes long is an operation that is asked for its progress. All refusals are
/// <see cref="VirtualMachines.VirtualMachineException"/>s, or errors on the wire that <see cref="RemoteErrors"/> turns into them.
/// </summary>
[JsonRpcContract]
[GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
internal partial interface IMachines
{
    /// <summary>Who hosts the machines.</summary>
    Task<HostDescription> GetHostAsync(CancellationToken cancellationToken);

    /// <summary>Asks the host to end when nothing runs in it.</summary>
    /// <returns>False when it is needed and stays.</returns>
    Task<bool> EndHostIfIdleAsync(CancellationToken cancellationToken);

    /// <summary>The registered machines, by name, and the registrations that cannot be read.</summary>
    Task<MachineList> ListAsync(CancellationToken cancellationToken);

    /// <summary>All about one machine.</summary>
    /// <param name="name">The machine's name, in any case.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<MachineDetails> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Makes and registers a machine.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="folder">The folder of its files, or null for the user's default folder.</param>
    /// <param name="memoryMegabytes">Its memory, or null for the default.</param>
    /// <param name="disk">The full path of its first hard disk, or null for none.</param>
    /// <param name="values">Values for its configuration.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<MachineSummary> CreateAsync(
        string name, string? folder, int? memoryMegabytes, string? disk, ConfigurationValue[] values, CancellationToken cancellationToken);

    /// <summary>Reads values of a machine's configuration, also of one that cannot be used as it stands.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="keys">The slash paths; none for all values.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<ConfigurationValue[]> ReadConfigurationAsync(string name, string[] keys, CancellationToken cancellationToken);

    /// <summary>
    /// Changes values of a machine's configuration, in the order given. When one is refused, nothing is changed; through COM, whose
    /// contract sets one value a call, what was changed before it stays changed.
    /// </summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="set">The values to write.</param>
    /// <param name="unset">The slash paths of the values to remove.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task ChangeConfigurationAsync(string name, ConfigurationValue[] set, string[] unset, CancellationToken cancellationToken);

    /// <summary>Registers a machine whose files are there.</summary>
    /// <param name="file">The full path of its .vmc file.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<MachineSummary> RegisterAsync(string file, CancellationToken cancellationToken);

    /// <summary>Forgets a machine, also one that cannot be used as it stands.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="keepFiles">Whether its files stay.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether its files were deleted: those of a machine whose .vmc file cannot be read stay.</returns>
    Task<bool> RemoveAsync(string name, bool keepFiles, CancellationToken cancellationToken);

    /// <summary>Begins to start a machine, or to restore its saved state.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="trustParent">Whether parents of its disks that have changed since they were linked are accepted as they are.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<OperationProgress> StartAsync(string name, bool trustParent, CancellationToken cancellationToken);

    /// <summary>Begins to pull the plug.</summary>
    Task<OperationProgress> TurnOffAsync(string name, CancellationToken cancellationToken);

    /// <summary>Begins to shut the guest down.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="force">Whether programs may be ended.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<OperationProgress> ShutDownAsync(string name, bool force, CancellationToken cancellationToken);

    /// <summary>Begins to save the guest's state.</summary>
    Task<OperationProgress> SaveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Throws a machine's saved state away.</summary>
    Task DiscardSavedStateAsync(string name, CancellationToken cancellationToken);

    /// <summary>Throws the undo disks of a machine that is off away.</summary>
    Task DiscardUndoDisksAsync(string name, CancellationToken cancellationToken);

    /// <summary>Begins to reset the machine.</summary>
    Task<OperationProgress> ResetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Stops the guest's processor.</summary>
    Task PauseAsync(string name, CancellationToken cancellationToken);

    /// <summary>Lets a paused machine go on.</summary>
    Task ResumeAsync(string name, CancellationToken cancellationToken);

    /// <summary>Waits for an operation to end, and answers how far it is.</summary>
    /// <param name="operation">The operation's number.</param>
    /// <param name="waitMilliseconds">How long to wait at most, 0 to <see cref="Limits.LongestWaitMilliseconds"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<OperationProgress> WaitForOperationAsync(int operation, int waitMilliseconds, CancellationToken cancellationToken);

    /// <summary>Waits until the guest service is up and channels can start.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="waitMilliseconds">How long to wait at most, 0 to <see cref="Limits.LongestWaitMilliseconds"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False when it is not up yet.</returns>
    Task<bool> WaitUntilReadyAsync(string name, int waitMilliseconds, CancellationToken cancellationToken);

    /// <summary>Opens a communication channel.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="pipe">The pipe's name, <c>\\.\pipe\NAME</c>.</param>
    /// <param name="port">The TCP port in the guest.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task OpenChannelAsync(string name, string pipe, int port, CancellationToken cancellationToken);

    /// <summary>The open communication channels.</summary>
    /// <param name="name">The machine's name, or null for those of all machines.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<ChannelSummary[]> ListChannelsAsync(string? name, CancellationToken cancellationToken);

    /// <summary>The integration devices that the guest sees.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<DeviceSummary[]> ListDevicesAsync(string name, CancellationToken cancellationToken);

    /// <summary>What a machine's display shows.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<ScreenPicture> CaptureScreenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Types on a machine's keyboard.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="text">What is typed.</param>
    /// <param name="isKeySequence">Whether it is a key sequence of the contract; else it is text.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task TypeAsync(string name, string text, bool isKeySequence, CancellationToken cancellationToken);
}
