namespace VpcComApi.VirtualMachines.Qemu.Processes;

/// <summary>
/// Makes Linux kill a program when the process that started it dies. QEMU has no option for it, so util-linux's <c>setpriv</c> asks the
/// kernel and then becomes QEMU, in the same process.
/// </summary>
internal static class ParentDeathLauncher
{
    private static readonly string[] Places = ["/usr/bin/setpriv", "/bin/setpriv"];

    /// <summary>Whether a program started through <see cref="Wrap"/> dies with its parent by the kernel's doing.</summary>
    public static bool IsAvailable => OperatingSystem.IsLinux() && Place is not null;

    private static string? Place => Array.Find(Places, File.Exists);

    /// <summary>The program and arguments that start a program so; the same ones where that is not possible.</summary>
    /// <param name="program">The program's full path.</param>
    /// <param name="arguments">Its arguments.</param>
    public static (string File, IEnumerable<string> Arguments) Wrap(string program, IEnumerable<string> arguments) =>
        OperatingSystem.IsLinux() && Place is { } setpriv
            ? (setpriv, ["--pdeathsig", "KILL", "--", program, .. arguments])
            : (program, arguments);
}
