using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>
/// A named pipe that the machine serves to one program at a time: when one has closed it, the next can open it. While nobody has it open,
/// what the guest sends is dropped. A program that has only shut down its sending side still gets what the guest answers. What a program
/// has sent and then left behind, because the guest takes nothing, goes to the guest before anything of the next one. The pipe has the
/// rights of a channel's pipe: this user, administrators and the system, nobody from the network.
/// </summary>
internal sealed class PipeSerialEnd : ISerialEnd
{
    private const int BufferSize = 4096;

    /// <summary>
    /// The most bytes that are kept of a program that has gone before the guest took what it sent: as many as the system's pipe holds. What
    /// is more is dropped.
    /// </summary>
    private const int MostLeftBehind = 256 * 1024;

    /// <summary>How soon a pipe is tried again whose name somebody else has.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    /// <summary>How often is looked whether a program that sends no more, or has to wait for the guest, has closed the pipe.</summary>
    private static readonly TimeSpan GoneInterval = TimeSpan.FromMilliseconds(100);

    private readonly PipeName name;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> toGuest;
    private readonly TimeProvider timeProvider;
    private readonly CancellationTokenSource ended = new();
    private readonly Task serving;
    private volatile Stream? client;

    /// <summary>What is on its way to the guest. It can be that of a program that has gone.</summary>
    private Task sending = Task.CompletedTask;

    /// <summary>Creates the pipe.</summary>
    /// <param name="bareName">Its name, without what every pipe's name begins with.</param>
    /// <param name="toGuest">Sends what is read to the guest.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <exception cref="VirtualMachineException">The name is in use.</exception>
    public PipeSerialEnd(string bareName, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> toGuest, TimeProvider timeProvider)
    {
        name = PipeName.Parse(PipeName.Prefix + bareName, mayHaveParts: true);
        this.toGuest = toGuest;
        this.timeProvider = timeProvider;

        // Made here, so that the caller gets the error of a name in use.
        HostPipeListener first = HostPipeListener.Create(name);
#pragma warning disable RS0030 // Whoever wires the port does not wait for its clients; disposing does.
        serving = Task.Run(() => ServeAsync(first));
#pragma warning restore RS0030
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (client is { } stream)
        {
            try
            {
                await stream.WriteAsync(bytes, cancellationToken);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // It has gone, which its reader sees.
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
    }

    private async Task ServeAsync(HostPipeListener first)
    {
        HostPipeListener? listener = first;
        while (!ended.IsCancellationRequested)
        {
            if (listener is not null)
            {
                using (listener)
                {
                    await ServeOneAsync(listener);
                }
            }

            listener = TryCreate();
            if (listener is null)
            {
                await Task.Delay(RetryInterval, timeProvider, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        listener?.Dispose();
    }

    private HostPipeListener? TryCreate()
    {
        try
        {
            return ended.IsCancellationRequested ? null : HostPipeListener.Create(name);
        }
        catch (VirtualMachineException)
        {
            return null;
        }
    }

    private async Task ServeOneAsync(HostPipeListener listener)
    {
        try
        {
            Stream stream = await listener.AcceptAsync(ended.Token);
            client = stream;
            if (!await IsTakenAsync(listener))
            {
                return;
            }

            byte[] buffer = new byte[BufferSize];
            for (int count = await stream.ReadAsync(buffer, ended.Token); count > 0; count = await stream.ReadAsync(buffer, ended.Token))
            {
                sending = toGuest(buffer.AsMemory(0, count), ended.Token).AsTask();
                if (!await IsTakenAsync(listener))
                {
                    sending = SendRestAsync(sending, await ReadRestAsync(stream));
                    return;
                }

                await sending;
            }

            while (!listener.EndIfClientGone())
            {
                await Task.Delay(GoneInterval, timeProvider, ended.Token);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or VirtualMachineException)
        {
            // The program has gone, or the machine has.
        }
        finally
        {
            client = null;
        }
    }

    /// <summary>Waits until the guest has taken what is on its way to it, or has refused it.</summary>
    /// <returns>False when the client has gone before.</returns>
    private async Task<bool> IsTakenAsync(HostPipeListener listener)
    {
        while (!sending.IsCompleted)
        {
            await sending.WaitAsync(GoneInterval, timeProvider, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended.Token.ThrowIfCancellationRequested();
            if (!sending.IsCompleted && listener.IsClientGone)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads what a client that has gone has left behind.</summary>
    private async Task<ReadOnlyMemory<byte>> ReadRestAsync(Stream stream)
    {
        byte[] rest = new byte[MostLeftBehind];
        int length = await stream.ReadAtLeastAsync(rest, rest.Length, throwOnEndOfStream: false, ended.Token);
        return rest.AsMemory(0, length);
    }

    /// <summary>Sends what a client has left behind. There is nobody to report a failure to.</summary>
    private async Task SendRestAsync(Task first, ReadOnlyMemory<byte> rest)
    {
        try
        {
            await first;
            if (!rest.IsEmpty)
            {
                await toGuest(rest, ended.Token);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or VirtualMachineException)
        {
            // The machine has gone.
        }
    }
}
