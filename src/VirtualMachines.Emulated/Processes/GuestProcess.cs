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
/// One process of an emulated guest, from boot to exit. Its standard input is the machine's power cord: it brings the board's description,
/// and its end, also by our own death, ends the guest; in between it brings what the devices have for the guest. Its standard output writes
/// the machine's non-volatile memory and its devices, its standard error goes to the log.
/// </summary>
internal sealed class GuestProcess : IAsyncDisposable
{
    /// <summary>How long output that was written before the end may take to arrive after it.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    /// <summary>Lines for the guest that wait. A guest that runs takes them at once; a paused one does not.</summary>
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

    /// <summary>The operating system's number of the process.</summary>
    public int Id { get; }

    /// <summary>Completes, and never faults, as soon as the process has ended.</summary>
    public Task<GuestExit> Exited { get; }

    /// <summary>Boots a guest.</summary>
    /// <param name="program">The guest service's full path.</param>
    /// <param name="board">What the machine shows it.</param>
    /// <param name="memory">The machine's non-volatile memory.</param>
    /// <param name="devices">The machine's devices.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where the guest's messages go.</param>
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
            // The runtime's diagnostic port and debugger transport are files, which a guest that loses its power would leave behind.
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

    /// <summary>Brings the guest what a device has for it.</summary>
    /// <param name="message">What it has.</param>
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

    /// <summary>What the process has used.</summary>
    /// <exception cref="IOException">It has ended.</exception>
    public ProcessCounters ReadCounters() => ProcessCounters.Read(process);

    /// <summary>Stops the guest's processor.</summary>
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

    /// <summary>Lets the guest's processor go on.</summary>
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

    /// <summary>Ends the process and all that it started, at once. <see cref="Exited"/> completes when it has ended.</summary>
    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, or a child of it has while we looked; the job, where there is one, takes the rest.
        }
    }

    /// <summary>Ends the process, if it still runs, and lets go of it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            Kill();
            await Exited;
        }

        // What the guest wrote last is in the pipes: it is read to the end, unless a child of the guest holds them open.
        await drained.WaitAsync(DrainLimit, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        DisposeJob(job);
        ClosePipes();
        process.Dispose();
    }

    /// <summary>
    /// A process does not close the pipes that were taken from it; without this they stay open until the garbage collector comes.
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
            // What was still to be written has no reader.
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
            // It was too quick; its exit says the rest.
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
            // The guest has ended and reads no more; its exit says why.
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
            // As above; whoever waits for room learns of it.
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
