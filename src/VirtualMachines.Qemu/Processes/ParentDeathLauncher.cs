namespace VpcComApi.VirtualMachines.Qemu.Processes;

/// <summary>
/// Makes Linux kill a program when the process that has started it ends. QEMU has no option for it, so util-linux's <c>setpriv</c> requests
/// this from the kernel and then executes QEMU in the same process.
/// </summary>
internal static class ParentDeathLauncher
{
    private static readonly string[] Places = ["/usr/bin/setpriv", "/bin/setpriv"];

    /// <summary>Whether the kernel kills a program started through <see cref="Wrap"/> with its parent.</summary>
    public static bool IsAvailable => OperatingSystem.IsLinux() && Place is not null;

    private static string? Place => Array.Find(Places, File.Exists);

    /// <summary>Returns the program and arguments to start a program in this way; the unchanged ones where that is not possible.</summary>
    /// <param name="program">The program's full path.</param>
    /// <param name="arguments">Its arguments.</param>
    public static (string File, IEnumerable<string> Arguments) Wrap(string program, IEnumerable<string> arguments) =>
        OperatingSystem.IsLinux() && Place is { } setpriv
            ? (setpriv, ["--pdeathsig", "KILL", "--", program, .. arguments])
            : (program, arguments);
}
