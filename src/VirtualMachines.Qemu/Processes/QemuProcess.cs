using System.ComponentModel;
using System.Text;
using Microsoft.Extensions.Logging;
using VpcComApi.Platform.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Processes;

/// <summary>
/// One QEMU process, from start to exit. Its standard input and output are its control channel, so that no other program can use it. The
/// process ends with this one.
/// </summary>
internal sealed class QemuProcess : IAsyncDisposable
{
    /// <summary>The longest line of QEMU's own messages, in characters; longer ones are truncated.</summary>
    private const int MaxLineLength = 2048;

    /// <summary>The most lines that are logged; after an error QEMU may write endlessly.</summary>
    private const int MaxLines = 200;

    /// <summary>How long to wait, after the end of the process, for output that it has written before.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    private readonly LaunchedProgram program;
    private readonly Task draining;
    private readonly TimeProvider timeProvider;
    private volatile string lastMessage = "";

    private QemuProcess(LaunchedProgram program, string machineName, Action onGuestFault, TimeProvider timeProvider, ILogger logger)
    {
        this.program = program;
        this.timeProvider = timeProvider;
        draining = LogMessagesAsync(machineName, new ResetReport(onGuestFault), logger);
    }

    /// <summary>The process id.</summary>
    public int Id => program.Id;

    /// <summary>Completes as soon as the process has ended.</summary>
    public Task Exited => program.Exited;

    /// <summary>QEMU's standard input.</summary>
    public Stream Input => program.Input;

    /// <summary>QEMU's standard output.</summary>
    public Stream Output => program.Output;

    /// <summary>QEMU's last message about itself, for error texts; empty when there is none.</summary>
    public string LastMessage => lastMessage;

    /// <summary>The processor time that it has used.</summary>
    /// <exception cref="IOException">It has ended, or the system does not provide it.</exception>
    public TimeSpan ProcessorTime => program.ReadProcessorTime();

    /// <summary>Starts QEMU.</summary>
    /// <param name="program">Its full path.</param>
    /// <param name="arguments">Its arguments, unquoted; they are not passed through a shell.</param>
    /// <param name="machineName">The machine, for texts.</param>
    /// <param name="onGuestFault">Called at each triple fault of the guest; must be quick.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Receives QEMU's messages.</param>
    /// <exception cref="VirtualMachineException">It could not be started.</exception>
    public static async Task<QemuProcess> StartAsync(
        string program, IEnumerable<string> arguments, string machineName, Action onGuestFault, TimeProvider timeProvider, ILogger logger)
    {
        try
        {
            return new QemuProcess(await LaunchedProgram.StartAsync(program, arguments), machineName, onGuestFault, timeProvider, logger);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed, $"QEMU could not be started for '{machineName}' from {program}: {e.Message}", e);
        }
    }

    /// <summary>Kills the process. <see cref="Exited"/> completes when it has ended.</summary>
    public void Kill() => program.Kill();

    /// <summary>Describes how the process ended, for texts. To be called only after <see cref="Exited"/>.</summary>
    public async Task<string> DescribeExitAsync()
    {
        // A Unix exit code above 128 is 128 plus the signal.
        const int SignalBase = 128;
        int exitCode = await program.Exited;
        string how = (!OperatingSystem.IsWindows() || WineHost.IsPresent) && exitCode > SignalBase
            ? $"was killed by signal {exitCode - SignalBase}"
            : $"ended with exit code {exitCode}";
        return LastMessage.Length == 0 ? $"QEMU (process {Id}) {how}" : $"QEMU (process {Id}) {how}; its last message: {LastMessage}";
    }

    /// <summary>Waits, for a limited time, until QEMU's last messages have arrived.</summary>
    public Task DrainAsync() => draining.WaitAsync(DrainLimit, timeProvider);

    /// <summary>Kills the process, if it is still running, and releases its resources.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            Kill();
            await Exited;
        }

        await DrainAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        program.Dispose();
    }

    private async Task LogMessagesAsync(string machineName, ResetReport resets, ILogger logger)
    {
        using StreamReader messages = new(program.Errors, Encoding.UTF8);
        char[] buffer = new char[MaxLineLength];
        int length = 0;
        int lines = 0;
        while (await messages.ReadAsync(buffer.AsMemory(length)) is > 0 and int read)
        {
            length += read;
            int start = 0;
            for (int end; (end = Array.IndexOf(buffer, '\n', start, length - start)) >= 0; start = end + 1)
            {
                Log(new string(buffer, start, end - start));
            }

            if (start == 0 && length == buffer.Length)
            {
                Log(new string(buffer));
                start = length;
            }

            Array.Copy(buffer, start, buffer, 0, length - start);
            length -= start;
        }

        if (length > 0)
        {
            Log(new string(buffer, 0, length));
        }

        void Log(string line)
        {
            line = line.Trim();
            if (line.Length == 0 || resets.Take(line))
            {
                return;
            }

            lastMessage = line;
            if (lines++ < MaxLines)
            {
                QemuMachineLog.QemuSaid(logger, machineName, line);
            }
        }
    }
}
