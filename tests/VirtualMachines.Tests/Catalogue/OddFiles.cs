using VpcComApi.TestSupport;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>What may stand where a file is expected.</summary>
internal static class OddFiles
{
    /// <summary>Puts something there that is no file.</summary>
    /// <param name="path">Where.</param>
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
