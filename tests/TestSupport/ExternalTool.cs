using System.Diagnostics;

namespace VpcComApi.TestSupport;

/// <summary>A program that a test needs and this repository does not build.</summary>
/// <param name="Name">What a person calls it.</param>
/// <param name="DebianPackage">What to install on Debian and Ubuntu.</param>
/// <param name="IsPresent">Whether it can be used here.</param>
public sealed record ExternalTool(string Name, string DebianPackage, Func<bool> IsPresent)
{
    private static readonly Lazy<bool> MakesTypeLibrary = new(() =>
    {
        using Process check = Process.Start(
            new ProcessStartInfo(
                Path.Combine(RepositoryPaths.Root, "interop", "build-typelib.sh"), ["--check"]) { RedirectStandardError = true })!;
        check.StandardError.ReadToEnd();
        check.WaitForExit();
        return check.ExitCode == 0;
    });

    /// <summary>Wine for 64-bit programs. Not needed on Windows, where it counts as present.</summary>
    public static ExternalTool Wine { get; } =
        new(
            "Wine",
            "wine wine64",
            () => OperatingSystem.IsWindows() || (FindInPath("wine") is not null && FindInPath("wineserver") is not null));

    /// <summary>Wine for 32-bit programs. Not needed on Windows, where it counts as present.</summary>
    public static ExternalTool Wine32 { get; } =
        new("32-bit Wine", "wine32:i386", () => OperatingSystem.IsWindows() || Directory.Exists("/usr/lib/i386-linux-gnu/wine"));

    /// <summary>The C++ compiler for 64-bit Windows programs.</summary>
    public static ExternalTool MingwX64 { get; } = Program("x86_64-w64-mingw32-g++", "mingw-w64");

    /// <summary>The C++ compiler for 32-bit Windows programs.</summary>
    public static ExternalTool MingwX86 { get; } = Program("i686-w64-mingw32-g++", "mingw-w64");

    /// <summary>An IDL compiler of Wine's or mingw-w64's that finds all that the contract's IDL imports.</summary>
    public static ExternalTool Widl { get; } = new(
        "A widl with Wine's IDL files", "wine64-tools libwine-dev libwine", () => MakesTypeLibrary.Value);

    /// <summary>A program that is looked for in PATH.</summary>
    /// <param name="name">The program's file name, without ".exe".</param>
    /// <param name="debianPackage">What to install on Debian and Ubuntu.</param>
    public static ExternalTool Program(string name, string debianPackage) =>
        new(name, debianPackage, () => FindInPath(name) is not null);

    /// <summary>The full path of a program in PATH, or null.</summary>
    /// <param name="program">The program's file name, without ".exe".</param>
    public static string? FindInPath(string program)
    {
        string fileName = OperatingSystem.IsWindows() ? program + ".exe" : program;
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

        return folders.Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists);
    }
}
