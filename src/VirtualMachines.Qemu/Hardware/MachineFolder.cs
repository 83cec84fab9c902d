using Microsoft.Extensions.Logging;
using VpcComApi.Platform.Folders;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>The folder of one machine's sockets and pictures, which only this user may enter.</summary>
/// <param name="machineName">The machine, for texts.</param>
/// <param name="logger">Receives a log message about a failure.</param>
/// <exception cref="IOException">It could not be created.</exception>
internal sealed class MachineFolder(string machineName, ILogger logger)
{
    /// <summary>A text of the length of the longest name of a socket in it.</summary>
    private const string LongestSocketName = "disk-0-0";

    /// <summary>The full path.</summary>
    public string FullPath { get; } = PrivateFolder.Make(LongestSocketName);

    /// <summary>Returns the full path of a file in it.</summary>
    /// <param name="name">Its name.</param>
    public string PathOf(string name) => Path.Combine(FullPath, name);

    /// <summary>Deletes it, with the files that a killed QEMU leaves in it.</summary>
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
