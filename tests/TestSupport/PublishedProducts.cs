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

    /// <summary>The COM server. It does not work without its type library.</summary>
    public static string ComServer => Existing(Path.Combine(Path.GetDirectoryName(TypeLibrary)!, "vpc.exe"));

    /// <summary>The type library.</summary>
    public static string TypeLibrary => OfTheContract("VirtualPC.tlb");

    /// <summary>The folder with vpccominterfaces.h.</summary>
    public static string IncludeFolder => Path.GetDirectoryName(OfTheContract(Path.Combine("include", "vpccominterfaces.h")))!;

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

    /// <summary>What an IDL compiler makes, which a machine need not have.</summary>
    private static string OfTheContract(string file)
    {
        string path = Path.Combine(WindowsFolder, file);
        if (!File.Exists(path))
        {
            ToolRequirement.Refuse(
                $"{path} is not there: it takes an IDL compiler (widl; on Windows midl, of Visual Studio). {HowToGetThem}");
        }

        return path;
    }

    private static string Existing(string path) =>
        File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there. {HowToGetThem}", path);
}
