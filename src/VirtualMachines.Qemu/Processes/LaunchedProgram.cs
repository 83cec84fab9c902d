using System.ComponentModel;
using VpcComApi.Platform.Wine;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Processes;

/// <summary>A program that this process has started, with its standard streams. It ends with this process.</summary>
internal abstract class LaunchedProgram : IDisposable
{
    /// <summary>The process id.</summary>
    public abstract int Id { get; }

    /// <summary>The program's standard input.</summary>
    public abstract Stream Input { get; }

    /// <summary>Its standard output.</summary>
    public abstract Stream Output { get; }

    /// <summary>Its standard error.</summary>
    public abstract Stream Errors { get; }

    /// <summary>
    /// Completes with the exit code as soon as the program has ended. For a Unix program that was killed by a signal this is 128 plus the
    /// signal.
    /// </summary>
    public abstract Task<int> Exited { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="arguments">Its arguments, unquoted.</param>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    /// <exception cref="IOException">Its streams could not be created.</exception>
    public static async Task<LaunchedProgram> StartAsync(string path, IEnumerable<string> arguments) =>
        WineHost.IsPresent ? await WineProgram.StartAsync(path, arguments) : await SystemProgram.StartAsync(path, arguments);

    /// <summary>The processor time that it has used.</summary>
    /// <exception cref="IOException">It has ended, or the system does not provide it.</exception>
    public abstract TimeSpan ReadProcessorTime();

    /// <summary>Kills the program, if it is still running. <see cref="Exited"/> completes when it has ended.</summary>
    public abstract void Kill();

    /// <summary>Releases its resources. Called after its end.</summary>
    public abstract void Dispose();
}
