using Microsoft.Extensions.Logging;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>
/// The cable of one serial port of a running machine: it brings the guest's bytes to the host's end, and the other way round. Whoever does
/// not take bytes holds up the one who sends them, over this line alone; only what is sent into a loose end, or to a file on a full volume,
/// is lost.
/// </summary>
internal sealed class SerialLine : IAsyncDisposable
{
    private const int BufferSize = 4096;

    private readonly ISerialDevice device;
    private readonly int number;
    private readonly string machineName;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly SemaphoreSlim changing = new(1, 1);
    private readonly CancellationTokenSource ended = new();
    private readonly Task pumping;
    private PluggedEnd? plugged;

    /// <summary>Makes a cable whose other end is loose.</summary>
    /// <param name="device">The machine's port.</param>
    /// <param name="number">The port's number, for messages.</param>
    /// <param name="machineName">For messages.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where failures go.</param>
    public SerialLine(ISerialDevice device, int number, string machineName, TimeProvider timeProvider, ILogger logger)
    {
        this.device = device;
        this.number = number;
        this.machineName = machineName;
        this.timeProvider = timeProvider;
        this.logger = logger;
#pragma warning disable RS0030 // Whoever makes the line does not wait for the guest; disposing does.
        pumping = Task.Run(PumpAsync);
#pragma warning restore RS0030
    }

    /// <summary>Plugs the other end in somewhere else. What cannot be opened is logged, and the end stays loose.</summary>
    /// <param name="settings">Where.</param>
    public async Task ConnectAsync(SerialPortSettings settings)
    {
        await changing.WaitAsync();
        try
        {
            await UnplugAsync();
            if (!ended.IsCancellationRequested)
            {
                Volatile.Write(ref plugged, Open(settings) is { } end ? new PluggedEnd(end, settings.Name) : null);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or VirtualMachineException or NotSupportedException)
        {
            MachineLog.SerialPortNotConnected(logger, machineName, number, settings.Name, e.Message);
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>For a machine that has ended: waits until what its guest sent last is at the other end.</summary>
    /// <param name="limit">How long it waits for somebody who does not read.</param>
    public async Task DrainAsync(TimeSpan limit) =>
        await pumping.WaitAsync(limit, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await changing.WaitAsync();
        try
        {
            await UnplugAsync();
        }
        finally
        {
            changing.Release();
        }

        await pumping;
        ended.Dispose();
        changing.Dispose();
    }

    private ISerialEnd? Open(SerialPortSettings settings) => settings.Type switch
    {
        SerialPortType.HostPort =>
            new HostPortSerialEnd(HostPortSerialEnd.PathOf(settings.HostPort), settings.ConnectImmediately, device.WriteAsync),
        SerialPortType.TextFile => new FileSerialEnd(settings.Name),
        SerialPortType.NamedPipe => new PipeSerialEnd(settings.PipeName, device.WriteAsync, timeProvider),
        _ => null,
    };

    private async Task UnplugAsync()
    {
        if (Interlocked.Exchange(ref plugged, null) is { } old)
        {
            await old.DisposeAsync();
        }
    }

    private async Task PumpAsync()
    {
        byte[] buffer = new byte[BufferSize];
        try
        {
            for (int count = await device.ReadAsync(buffer, ended.Token); count > 0; count = await device.ReadAsync(buffer, ended.Token))
            {
                await DeliverAsync(buffer.AsMemory(0, count));
            }
        }
        catch (OperationCanceledException)
        {
            // The machine is off.
        }
    }

    private async Task DeliverAsync(ReadOnlyMemory<byte> bytes)
    {
        PluggedEnd? to = Volatile.Read(ref plugged);
        if (to is null)
        {
            return;
        }

        try
        {
            await to.WriteAsync(bytes);
            to.IsFull = false;
        }
        catch (OperationCanceledException)
        {
            // The cable was pulled while it waited.
        }
        catch (IOException e) when (VolumeErrors.IsFull(e) && !to.IsPulled)
        {
            // There may be room again when the next bytes come. Until then it is logged once.
            if (!to.IsFull)
            {
                MachineLog.SerialPortNotConnected(logger, machineName, number, to.Name, e.Message);
                to.IsFull = true;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException)
        {
            // Somebody may have plugged the line in elsewhere meanwhile, which stays.
            if (Interlocked.CompareExchange(ref plugged, null, to) == to)
            {
                MachineLog.SerialPortNotConnected(logger, machineName, number, to.Name, e.Message);
                await to.DisposeAsync();
            }
        }
    }
}
