using System.Diagnostics;
using System.Net.Sockets;
using StreamJsonRpc;
using VpcComApi.CommandLine.Machines;
using VpcComApi.Platform.Linux;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>
/// The machines of the process that hosts them on this machine. The first process that needs them hosts them: <c>up</c> itself, or else a
/// background process. A lock decides; a host that dies, however it dies, gives it up, and the next command starts anew.
/// </summary>
/// <param name="endpoint">Where the host is found.</param>
/// <param name="version">This program's version.</param>
/// <param name="open">Opens what is hosted.</param>
/// <param name="startHost">Starts the background process and waits until it is ready.</param>
internal sealed class LocalMachinesSource(
    HostEndpoint endpoint, string version, Func<IMachinesHost> open, Func<CancellationToken, Task> startHost) : IMachinesSource
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public async Task<IMachinesSession> ConnectAsync(CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        do
        {
            if (await TryConnectAsync(cancellationToken) is { } session)
            {
                return session;
            }

            // Nobody is there, or the host that was there is ending: a new one waits for nothing, and ends at once while the lock is held.
            await startHost(cancellationToken);
            if (await TryConnectAsync(cancellationToken) is { } newSession)
            {
                return newSession;
            }

            await Task.Delay(LookAgainAfter, cancellationToken);
        }
        while (Stopwatch.GetElapsedTime(begun) < Limits.HostStart);

        throw NoAnswer();
    }

    /// <inheritdoc/>
    public async Task<IMachinesSession> HostOrConnectAsync(CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        do
        {
            if (await HostRuntime.TryStartAsync(endpoint, open) is { } runtime)
            {
                return new OwnSession(runtime, await runtime.Machines.GetHostAsync(cancellationToken));
            }

            if (await TryConnectAsync(cancellationToken) is { } session)
            {
                return session;
            }

            await Task.Delay(LookAgainAfter, cancellationToken);
        }
        while (Stopwatch.GetElapsedTime(begun) < Limits.HostStart);

        throw NoAnswer();
    }

    /// <inheritdoc/>
    public async Task<bool> HostUntilIdleAsync(Action ready, CancellationToken cancellationToken)
    {
        HostRuntime? runtime = await HostRuntime.TryStartAsync(endpoint, open);
        if (runtime is null)
        {
            return false;
        }

        await using (runtime)
        {
            ready();
            try
            {
                await runtime.WaitUntilIdleAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Asked to end, as by a log-off: what runs ends in its orderly way.
            }

            return true;
        }
    }

    private CommandException NoAnswer() => new(
        ExitCode.HostUnavailable,
        $"A process holds {endpoint.LockFile} and does not answer. Find it (fuser, Task Manager), end it, and try again.");

    private async Task<IMachinesSession?> TryConnectAsync(CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Socket), cancellationToken);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }

        UnixPeerCredentials? host = UnixPeerCredentials.Of(socket);
        if (!UnixPeerCredentials.IsOurUserOrRoot(host))
        {
            socket.Dispose();
            throw new CommandException(
                ExitCode.HostUnavailable,
                host is { } other
                    ? $"At {endpoint.Socket} the user {other.UserId} answers, who is not you. Remove it, or choose another data folder."
                    : $"At {endpoint.Socket} somebody answers whose user the system does not say. "
                        + "Remove it, or choose another data folder.");
        }

        JsonRpc connection = MachinesWire.Connect(new NetworkStream(socket, ownsSocket: true), out IMachines machines);
        try
        {
            return await GreetAsync(connection, machines, cancellationToken);
        }
        catch (Exception e) when (e is ConnectionLostException or ObjectDisposedException)
        {
            // It was ending when we came.
            connection.Dispose();
            return null;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task<IMachinesSession?> GreetAsync(JsonRpc connection, IMachines machines, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limits.Answer);
        try
        {
            HostDescription host = await machines.GetHostAsync(limit.Token).WaitAsync(limit.Token);
            if (host.Version == version)
            {
                return new RemoteSession(connection, machines, host);
            }

            if (!await machines.EndHostIfIdleAsync(limit.Token).WaitAsync(limit.Token))
            {
                throw new CommandException(
                    ExitCode.HostUnavailable,
                    $"The machines are hosted by version {host.Version} of vpcctl (process {host.ProcessId}), and this is version "
                        + $"{version}. "
                    + "End the machines with that version, then try again.");
            }

            connection.Dispose();
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(
                ExitCode.HostUnavailable,
                $"The process that hosts the machines does not answer within {Limits.Answer.TotalSeconds:0} s.");
        }
    }
}
