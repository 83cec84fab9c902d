using Microsoft.Extensions.Logging;
using VpcComApi.Platform.Folders;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>The folder of one machine's sockets and pictures, which only this user may enter.</summary>
/// <param name="machineName">The machine, for texts.</param>
/// <param name="logger">Where a failure goes.</param>
/// <exception cref="IOException">It could not be made.</exception>
internal sealed class MachineFolder(string machineName, ILogger logger)
{
    /// <summary>As long as the longest name of a socket in it.</summary>
    private const string LongestSocketName = "disk-0-0";

    /// <summary>The full path.</summary>
    public string FullPath { get; } = PrivateFolder.Make(LongestSocketName);

    /// <summary>The full path of something in it.</summary>
    /// <param name="name">Its name.</param>
    public string PathOf(string name) => Path.Combine(FullPath, name);

    /// <summary>Deletes it, and what QEMU leaves in it when it is killed.</summary>
    public void Delete()
    {
        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The user's temporary folder may have been cleaned.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            QemuMachineLog.CleanUpFailed(logger, e, machineName, FullPath);
        }
    }
}
