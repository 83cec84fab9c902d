namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>
/// A serial port of the host, with the speed that the host has set: bytes go both ways. It is opened at once, or with the first byte of the
/// guest.
/// </summary>
internal sealed class HostPortSerialEnd : ISerialEnd
{
    private const int BufferSize = 4096;

    private readonly string path;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> toGuest;
    private readonly CancellationTokenSource ended = new();
    private readonly Lock sync = new();
    private bool closed;
    private Stream? port;
    private Task reading = Task.CompletedTask;

    /// <summary>Makes the end.</summary>
    /// <param name="path">The port's path, as the system has it; see <see cref="PathOf"/>.</param>
    /// <param name="openNow">Whether it is opened at once.</param>
    /// <param name="toGuest">Sends what is read to the guest.</param>
    /// <exception cref="IOException">It could not be opened.</exception>
    public HostPortSerialEnd(string path, bool openNow, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> toGuest)
    {
        this.path = path;
        this.toGuest = toGuest;
        if (openNow)
        {
            Open();
        }
    }

    /// <summary>The path of a port.</summary>
    /// <param name="number">The port's number, 1 for COM1.</param>
    public static string PathOf(int number) => OperatingSystem.IsWindows() ? $@"\\.\COM{number}" : $"/dev/ttyS{number - 1}";

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (port is null)
        {
            Open();
        }

        await port!.WriteAsync(bytes, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (sync)
        {
            closed = true;
        }

        // The reader first: it may be in the middle of the system's call.
        await ended.CancelAsync();
        if (OperatingSystem.IsWindows() && port is not null)
        {
            await port.DisposeAsync();
        }

        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (port is not null)
        {
            await port.DisposeAsync();
        }

        ended.Dispose();
    }

    private void Open()
    {
        lock (sync)
        {
            // A port that is opened after the end would stay open.
            ObjectDisposedException.ThrowIf(closed, this);
            port = OperatingSystem.IsWindows()
                ? new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, useAsync: true)
                : new UnixSerialPort(path);
            reading = ReadAsync(port);
        }
    }

    private async Task ReadAsync(Stream source)
    {
        byte[] buffer = new byte[BufferSize];
        for (int count = await source.ReadAsync(buffer, ended.Token); count > 0; count = await source.ReadAsync(buffer, ended.Token))
        {
            await toGuest(buffer.AsMemory(0, count), ended.Token);
        }
    }
}
