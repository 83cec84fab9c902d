using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>
/// A named pipe that the machine serves to one program at a time: when one has closed it, the next can open it. While nobody has it open, what the
/// guest sends is dropped. The pipe has the rights of a channel's pipe: this user, administrators and the system, nobody from the network.
/// </summary>
internal sealed class PipeSerialEnd : ISerialEnd
{
    private const int BufferSize = 4096;

    /// <summary>How soon a pipe is tried again whose name somebody else has.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    private readonly PipeName name;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> toGuest;
    private readonly TimeProvider timeProvider;
    private readonly CancellationTokenSource ended = new();
    private readonly Task serving;
    private volatile Stream? client;

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

        // Made here, so that a name in use is told to the one who asks for it.
        HostPipeListener first = HostPipeListener.Create(name);
        serving = Task.Run(() => ServeAsync(first));
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
            byte[] buffer = new byte[BufferSize];
            for (int count = await stream.ReadAsync(buffer, ended.Token); count > 0; count = await stream.ReadAsync(buffer, ended.Token))
            {
                await toGuest(buffer.AsMemory(0, count), ended.Token);
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
}
