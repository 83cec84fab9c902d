using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using VpcComApi.Platform.Processes;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Emulated.Devices;
using VpcComApi.VirtualMachines.Emulated.Native;

namespace VpcComApi.VirtualMachines.Emulated.Processes;

/// <summary>
/// One process of an emulated guest, from boot to exit. The host writes to its standard input the board's description and then the input of
/// the devices; when that pipe is closed, also by the end of the host's process, the guest ends. Its standard output contains writes to the
/// machine's non-volatile memory and devices. Its standard error is logged.
/// </summary>
internal sealed class GuestProcess : IAsyncDisposable
{
    /// <summary>How long to wait, after the end of the process, for output that it has written before.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    /// <summary>The most waiting lines for the guest. A running guest reads them at once; a paused one does not.</summary>
    private const int MaxWaitingLines = 1024;

    private const string DiagnosticsVariable = "DOTNET_EnableDiagnostics";

    private readonly Process process;
    private readonly JobObject? job;
    private readonly GuestMemory memory;
    private readonly BoardDevices devices;
    private readonly GuestOutputLog log;
    private readonly TimeProvider timeProvider;
    private readonly Channel<string> input = Channel.CreateBounded<string>(MaxWaitingLines);
    private readonly Lock writing = new();
    private readonly Task drained;

    private GuestProcess(
        Process process,
        JobObject? job,
        GuestMemory memory,
        BoardDevices devices,
        GuestOutputLog log,
        BoardDescription board,
        TimeProvider timeProvider)
    {
        this.process = process;
        this.job = job;
        this.memory = memory;
        this.devices = devices;
        this.log = log;
        this.timeProvider = timeProvider;
        Id = process.Id;
        drained = Task.WhenAll(OnOwnThreadAsync(() => ServeBoard(board)), OnOwnThreadAsync(LogErrors));
        Exited = WaitForExitAsync();
    }

    /// <summary>The process id.</summary>
    public int Id { get; }

    /// <summary>Completes, and never faults, as soon as the process has ended.</summary>
    public Task<GuestExit> Exited { get; }

    /// <summary>Boots a guest.</summary>
    /// <param name="program">The guest service's full path.</param>
    /// <param name="board">The description of the machine.</param>
    /// <param name="memory">The machine's non-volatile memory.</param>
    /// <param name="devices">The machine's devices.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Receives the guest's messages.</param>
    /// <exception cref="VirtualMachineException">The program could not be started.</exception>
    public static async Task<GuestProcess> StartAsync(
        string program, BoardDescription board, GuestMemory memory, BoardDevices devices, TimeProvider timeProvider, ILogger logger)
    {
        ProcessStartInfo startInfo = new(program, ["run", "--emulated"])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            WorkingDirectory = Path.GetDirectoryName(program),
        };

        if (Environment.GetEnvironmentVariable(DiagnosticsVariable) is null)
        {
            // The runtime's diagnostic port and debugger transport are files, which a guest that is killed would leave behind.
            startInfo.Environment[DiagnosticsVariable] = "0";
        }

        JobObject? job = null;
        try
        {
            job = OperatingSystem.IsWindows() ? new JobObject() : null;
            Process process = await LaunchThread.RunAsync(() => Process.Start(startInfo)!);
            AddToJob(job, process);
            GuestOutputLog log = new(board.MachineName, timeProvider, logger);
            return new GuestProcess(process, job, memory, devices, log, board, timeProvider);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            DisposeJob(job);
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed,
                $"The guest of '{board.MachineName}' could not be started from {program}: {e.Message}",
                e);
        }
    }

    /// <summary>Sends a message of a device to the guest.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="VirtualMachineException">The process has ended.</exception>
    public async Task SendAsync(BoardInput message, CancellationToken cancellationToken)
    {
        try
        {
            await input.Writer.WriteAsync(JsonSerializer.Serialize(message, BoardJson.Default.BoardInput), cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new VirtualMachineException(VirtualMachineError.MachineNotRunning, $"The guest process {Id} has ended.", e);
        }
    }

    /// <summary>The resources that the process has used.</summary>
    /// <exception cref="IOException">It has ended.</exception>
    public ProcessCounters ReadCounters() => ProcessCounters.Read(process);

    /// <summary>Suspends the process.</summary>
    /// <exception cref="VirtualMachineException">The process has ended.</exception>
    public void Suspend() => Control("paused", () =>
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsProcess.Suspend(process);
        }
        else
        {
            UnixSignal.Send(Id, UnixSignal.Stop);
        }
    });

    /// <summary>Resumes the process.</summary>
    /// <exception cref="VirtualMachineException">The process has ended.</exception>
    public void Resume() => Control("resumed", () =>
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsProcess.Resume(process);
        }
        else
        {
            UnixSignal.Send(Id, UnixSignal.Continue);
        }
    });

    /// <summary>Kills the process and all its child processes. <see cref="Exited"/> completes when it has ended.</summary>
    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, or one of its child processes has ended meanwhile; the job, where there is one, ends the remaining
            // ones.
        }
    }

    /// <summary>Kills the process, if it is still running, and releases its resources.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            Kill();
            await Exited;
        }

        // The guest's last output is still in the pipes: they are read to the end, unless a child process of the guest keeps them open.
        await drained.WaitAsync(DrainLimit, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        DisposeJob(job);
        ClosePipes();
        process.Dispose();
    }

    /// <summary>
    /// Disposing the Process object does not close these streams; otherwise they would stay open until they are garbage-collected.
    /// </summary>
    private void ClosePipes()
    {
        process.StandardOutput.Dispose();
        process.StandardError.Dispose();
        try
        {
            process.StandardInput.Dispose();
        }
        catch (IOException)
        {
            // The process that would read the remaining lines has ended.
        }
    }

    private static void AddToJob(JobObject? job, Process process)
    {
        if (job is null || !OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            job.Add(process);
        }
        catch (Win32Exception) when (process.HasExited)
        {
            // The process has ended already; its exit code is the information that counts.
        }
        catch (Win32Exception)
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    private static void DisposeJob(JobObject? job)
    {
        if (OperatingSystem.IsWindows())
        {
            job?.Dispose();
        }
    }

    private void Control(string verb, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed, $"The guest process {Id} could not be {verb}: {e.Message}", e);
        }
    }

    private async Task<GuestExit> WaitForExitAsync()
    {
        await process.WaitForExitAsync();
        return new GuestExit(Id, process.ExitCode);
    }

    /// <summary>Runs on a thread of its own, which ends with the process.</summary>
    private static Task OnOwnThreadAsync(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void ServeBoard(BoardDescription board)
    {
        try
        {
            WriteLine(JsonSerializer.Serialize(board, BoardJson.Default.BoardDescription));
            _ = Task.Run(WriteInputAsync);
            foreach (string line in new BoundedLineReader(process.StandardOutput.BaseStream, BoardWrite.MaxLineLength).ReadAll())
            {
                BoardOutput? output = Parse(line);
                if (output is null || !devices.TryWrite(output))
                {
                    WriteLine(Keep(output) ? BoardWrite.Stored : BoardWrite.Refused);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The guest has ended and does not read any more; its exit code gives the reason.
        }
        finally
        {
            input.Writer.TryComplete();
        }
    }

    private async Task WriteInputAsync()
    {
        try
        {
            await foreach (string line in input.Reader.ReadAllAsync())
            {
                WriteLine(line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // As above; callers that wait for room get an exception.
            input.Writer.TryComplete();
        }
    }

    private bool Keep(BoardOutput? output) =>
        output is { Parameter: { } name, Value: { } value } && memory.TryWrite(new BoardWrite(name, value));

    private static BoardOutput? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, BoardJson.Default.BoardOutput);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void WriteLine(string line)
    {
        lock (writing)
        {
            process.StandardInput.Write(line + "\n");
            process.StandardInput.Flush();
        }
    }

    private void LogErrors()
    {
        foreach (string line in new BoundedLineReader(process.StandardError.BaseStream, GuestOutputLog.MaxLineLength).ReadAll())
        {
            log.Write(line);
        }

        log.ReportDropped();
    }
}
