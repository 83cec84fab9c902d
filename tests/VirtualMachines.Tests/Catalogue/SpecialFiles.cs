using VpcComApi.TestSupport;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>Objects that are not regular files, at the path of an expected file.</summary>
internal static class SpecialFiles
{
    /// <summary>Creates an object that is not a regular file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="kind">"pipe", "folder" or "device".</param>
    public static async Task MakeAsync(string path, string kind)
    {
        switch (kind)
        {
            case "pipe":
                await RunningProgram.RunAsync("mkfifo", [path]);
                break;
            case "folder":
                Directory.CreateDirectory(path);
                break;
            default:
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
        }
    }
}
