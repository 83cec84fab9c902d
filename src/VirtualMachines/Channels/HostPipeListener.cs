namespace VpcComApi.VirtualMachines.Channels;

/// <summary>
/// A pipe server for exactly one client. From its creation to its disposal the name belongs to it: nobody else can create that pipe, nor
/// reach it from another machine or, administrators apart, as another user.
/// </summary>
internal abstract class HostPipeListener : IDisposable
{
    /// <summary>The bytes that the system keeps for each direction before a writer waits.</summary>
    protected const int BufferSize = 64 * 1024;

    /// <summary>Makes a listener for a name.</summary>
    private protected HostPipeListener(PipeName name) => Name = name;

    /// <summary>The pipe's name.</summary>
    internal PipeName Name { get; }

    /// <summary>
    /// Whether the client that was accepted has closed its end. It is known at once, also while there is something to read that the client
    /// has left behind.
    /// </summary>
    internal abstract bool IsClientGone { get; }

    /// <summary>Creates the pipe. A client can open it from now on.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.AlreadyExists"/>: the name is in use, here or in another process.
    /// <see cref="VirtualMachineError.OutOfResources"/>: the system refused for another reason.
    /// </exception>
    internal static HostPipeListener Create(PipeName name) =>
        OperatingSystem.IsWindows() ? new WindowsPipeListener(name) : new UnixPipeListener(name);

    /// <summary>Waits for the client. Called once.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The bytes to and from the client. Reading ends with 0 when the client has closed its end, in whatever way. This listener owns it.
    /// </returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    internal abstract Task<Stream> AcceptAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Signals the client that no more bytes will come, where the system can do so without ending the pipe: a Unix socket can, a Windows
    /// pipe cannot.
    /// </summary>
    internal abstract void CompleteWriting();

    /// <summary>
    /// Ends the pipe and frees its name if the client has closed its end. To be asked when there is no more to read; a Unix client can also
    /// have shut down its sending side alone.
    /// </summary>
    /// <returns>Whether the client has closed its end.</returns>
    internal bool EndIfClientGone()
    {
        if (!IsClientGone)
        {
            return false;
        }

        Dispose();
        return true;
    }

    /// <summary>
    /// Cuts the client off: what it has not read yet is lost, and the name is free even while the client keeps its handle.
    /// </summary>
    internal abstract void Disconnect();

    /// <summary>Ends the pipe and frees its name. The client can still read what was written to it.</summary>
    public abstract void Dispose();

    /// <summary>The refusal of a name that is in use.</summary>
    private protected static VirtualMachineException NameInUse(PipeName name, Exception? cause = null) =>
        new(
            VirtualMachineError.AlreadyExists,
            $"The pipe {name.FullName} is in use. Choose another name, or end the channel that uses it.", cause);

    /// <summary>The refusal of the system for another reason.</summary>
    private protected static VirtualMachineException Refused(PipeName name, string reason, Exception? cause = null) =>
        new(VirtualMachineError.OutOfResources, $"The pipe {name.FullName} could not be created: {reason}", cause);
}
