using VpcComApi.Platform.Wine;
using VpcComApi.VirtualMachines.Qemu.Processes;

namespace VpcComApi.VirtualMachines.Qemu.Programs;

/// <summary>QEMU's program on this computer: its path, its version, and the accelerator that works.</summary>
internal sealed class QemuProgram
{
    private const string BaseName = "qemu-system-x86_64";

    private QemuProgram(string path, QemuVersion version, string accelerator, bool hasSharedMemory)
    {
        Path = path;
        Version = version;
        Accelerator = accelerator;
        HasSharedMemory = hasSharedMemory;
    }

    /// <summary>The program's full path.</summary>
    public string Path { get; }

    /// <summary>Its version.</summary>
    public QemuVersion Version { get; }

    /// <summary>The accelerator that machines use.</summary>
    public string Accelerator { get; }

    /// <summary>Whether a machine can share memory with this process.</summary>
    public bool HasSharedMemory { get; }

    /// <summary>Finds the program, reads its version and tries the accelerators, all within time limits.</summary>
    /// <param name="options">The configured program and accelerator.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="VirtualMachineException">There is no QEMU, or it is too old; the text says what to install.</exception>
    public static async Task<QemuProgram> FindAsync(
        QemuMachineOptions options, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        string path = Locate(options.ProgramPath);
        ShortRun answer = await ShortRun.RunAsync(path, ["--version"], options.StartLimit, timeProvider, cancellationToken);
        if (!QemuVersion.TryParse(answer.Output, out QemuVersion version))
        {
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed,
                $"'{path}' is not QEMU: run with --version, it {answer.Describe()}. {InstallAdvice}");
        }

        if (version.CompareTo(QemuVersion.Oldest) < 0)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed,
                $"QEMU {version} at '{path}' is too old; {QemuVersion.Oldest} or newer is needed. {InstallAdvice}");
        }

        Task<bool> sharesMemory = SharedMemoryProbe.FindAsync(path, options.StartLimit, timeProvider, cancellationToken);
        string accelerator = options.Accelerator ?? await AcceleratorProbe.FindAsync(path, timeProvider, cancellationToken);
        return new QemuProgram(path, version, accelerator, await sharesMemory);
    }

    private static string InstallAdvice => OperatingSystem.IsWindows() && !WineHost.IsPresent
        ? $"Install QEMU for Windows (winget install SoftwareFreedomConservancy.QEMU),"
            + $" or set {QemuMachineOptions.ProgramVariable} to its full path."
        : $"Install QEMU (apt-get install qemu-system-x86), or set {QemuMachineOptions.ProgramVariable} to its full path.";

    private static string Locate(string? configured)
    {
        configured ??= Environment.GetEnvironmentVariable(QemuMachineOptions.ProgramVariable);
        if (!string.IsNullOrEmpty(configured))
        {
            return File.Exists(configured)
                ? System.IO.Path.GetFullPath(configured)
                : throw new VirtualMachineException(
                    VirtualMachineError.ProviderFailed, $"QEMU's configured program '{configured}' does not exist. {InstallAdvice}");
        }

        string fileName = OperatingSystem.IsWindows() && !WineHost.IsPresent ? BaseName + ".exe" : BaseName;
        return Folders().Select(folder => System.IO.Path.Combine(folder, fileName)).FirstOrDefault(File.Exists)
            ?? throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed, $"QEMU is not on this computer: no folder of PATH has {fileName}. {InstallAdvice}");
    }

    private static IEnumerable<string> Folders()
    {
        if (WineHost.IsPresent)
        {
            // Wine's PATH contains folders of Windows programs; QEMU is a program of the Unix system.
            return [WineHost.UnixRoot + @"usr\local\bin", WineHost.UnixRoot + @"usr\bin"];
        }

        // With a relative folder, the owner of the current folder could choose the program.
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(System.IO.Path.IsPathFullyQualified);
        return OperatingSystem.IsWindows()
            ? folders.Append(System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "qemu"))
            : folders;
    }
}
