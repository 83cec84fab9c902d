namespace VpcComApi.TestSupport;

/// <summary>The programs as people get them: what ./build.sh publish leaves.</summary>
public static class PublishedProducts
{
    private const string HowToGetThem = "Run ./build.sh publish (build.cmd publish on Windows).";

    /// <summary>The folder of the Windows programs.</summary>
    public static string WindowsFolder => Folder("win-x64");

    /// <summary>The folder of the Linux programs.</summary>
    public static string LinuxFolder => Folder("linux-x64");

    /// <summary>The folder of this platform's programs.</summary>
    public static string NativeFolder => OperatingSystem.IsWindows() ? WindowsFolder : LinuxFolder;

    /// <summary>The COM server.</summary>
    public static string ComServer => Existing(Path.Combine(WindowsFolder, "vpc.exe"));

    /// <summary>The type library.</summary>
    public static string TypeLibrary => Existing(Path.Combine(WindowsFolder, "VirtualPC.tlb"));

    /// <summary>The folder with vpccominterfaces.h.</summary>
    public static string IncludeFolder => Path.GetDirectoryName(Existing(Path.Combine(WindowsFolder, "include", "vpccominterfaces.h")))!;

    /// <summary>The guest service for this platform.</summary>
    public static string GuestService => Native("vmsrvc");

    /// <summary>The command line for this platform.</summary>
    public static string CommandLine => Native("vpcctl");

    /// <summary>A program that is built for tests only.</summary>
    /// <param name="name">The project's name: "PowerShellHost".</param>
    public static string TestTool(string name) =>
        Existing(Path.Combine(RepositoryPaths.Artifacts, "test-tools", name, name + ".exe"));

    private static string Folder(string runtime) => Path.Combine(RepositoryPaths.Artifacts, "publish", runtime);

    private static string Native(string program) =>
        Existing(Path.Combine(NativeFolder, OperatingSystem.IsWindows() ? program + ".exe" : program));

    private static string Existing(string path) =>
        File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there. {HowToGetThem}", path);
}
