using System.ComponentModel;
using System.Diagnostics;
using VpcComApi.Platform.Processes;

namespace VpcComApi.VirtualMachines.Qemu.Processes;

/// <summary>A process of this system. When this process ends, it is killed by Linux, or on Windows by a job.</summary>
internal sealed class SystemProgram : LaunchedProgram
{
    private readonly Process process;
    private readonly JobObject? job;

    private SystemProgram(Process process, JobObject? job)
    {
        this.process = process;
        this.job = job;
        Id = process.Id;
        Exited = WaitAsync();
    }

    /// <inheritdoc/>
    public override int Id { get; }

    /// <inheritdoc/>
    public override Stream Input => process.StandardInput.BaseStream;

    /// <inheritdoc/>
    public override Stream Output => process.StandardOutput.BaseStream;

    /// <inheritdoc/>
    public override Stream Errors => process.StandardError.BaseStream;

    /// <inheritdoc/>
    public override Task<int> Exited { get; }

    /// <summary>Starts a program.</summary>
    /// <inheritdoc cref="LaunchedProgram.StartAsync"/>
    public static new async Task<SystemProgram> StartAsync(string path, IEnumerable<string> arguments)
    {
        (string file, IEnumerable<string> all) = ParentDeathLauncher.Wrap(path, arguments);
        ProcessStartInfo startInfo = new(file, all)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetPathRoot(AppContext.BaseDirectory),
        };

        JobObject? job = null;
        try
        {
            job = OperatingSystem.IsWindows() ? new JobObject() : null;
            Process process = await LaunchThread.RunAsync(() => Process.Start(startInfo)!);
            if (job is not null && OperatingSystem.IsWindows() && !process.HasExited)
            {
                job.Add(process);
            }

            return new SystemProgram(process, job);
        }
        catch
        {
            DisposeJob(job);
            throw;
        }
    }

    /// <inheritdoc/>
    public override TimeSpan ReadProcessorTime()
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            throw new IOException($"The processor time of process {Id} could not be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself meanwhile.
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        DisposeJob(job);
        process.Dispose();
    }

    private static void DisposeJob(JobObject? job)
    {
        if (OperatingSystem.IsWindows())
        {
            job?.Dispose();
        }
    }

    private async Task<int> WaitAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
