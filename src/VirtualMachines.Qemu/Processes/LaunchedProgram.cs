using System.ComponentModel;
using VpcComApi.Platform.Wine;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Processes;

/// <summary>A program that this process started and that does not outlive it, with its standard streams.</summary>
internal abstract class LaunchedProgram : IDisposable
{
    /// <summary>The operating system's number of the process.</summary>
    public abstract int Id { get; }

    /// <summary>What the program reads.</summary>
    public abstract Stream Input { get; }

    /// <summary>What it writes.</summary>
    public abstract Stream Output { get; }

    /// <summary>What it writes to its standard error.</summary>
    public abstract Stream Errors { get; }

    /// <summary>
    /// Completes with the exit code as soon as the program has ended; a Unix program that a signal killed: 128 and the signal.
    /// </summary>
    public abstract Task<int> Exited { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="arguments">Its arguments, each as it is.</param>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    /// <exception cref="IOException">Neither could its streams be made.</exception>
    public static async Task<LaunchedProgram> StartAsync(string path, IEnumerable<string> arguments) =>
        WineHost.IsPresent ? await WineProgram.StartAsync(path, arguments) : await SystemProgram.StartAsync(path, arguments);

    /// <summary>The time that it has used on processors.</summary>
    /// <exception cref="IOException">It has ended, or the system does not say.</exception>
    public abstract TimeSpan ReadProcessorTime();

    /// <summary>Ends the program at once, if it still runs. <see cref="Exited"/> completes when it has ended.</summary>
    public abstract void Kill();

    /// <summary>Lets go of it. After its end.</summary>
    public abstract void Dispose();
}
