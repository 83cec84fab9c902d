using System.Security.Cryptography;
using System.Text;
using VpcComApi.Platform.Folders;
using VpcComApi.Platform.Linux;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>
/// Where the host process of a data folder is found: a lock that makes it the only one, and a socket that only its user reaches.
/// </summary>
/// <param name="LockFile">The full path of the lock.</param>
/// <param name="Socket">The full path of the socket.</param>
internal sealed record HostEndpoint(string LockFile, string Socket)
{
    /// <summary>The longest path of a Unix socket, without its final zero (sun_path in unix(7)).</summary>
    private const int LongestSocketPath = 107;

    private const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// The endpoint of a data folder. Its folder is made, and closed to other users. The socket is beside the lock; where that path is too
    /// long for a socket, it is in the user's run-time folder.
    /// </summary>
    /// <param name="dataFolder">The user's data folder.</param>
    /// <exception cref="VirtualMachineException">There is no place for the socket.</exception>
    public static HostEndpoint Of(string dataFolder)
    {
        string folder = CreateFolder(Path.Combine(dataFolder, "Host"));
        string socket = Path.Combine(folder, "host.sock");
        if (Encoding.UTF8.GetByteCount(socket) > LongestSocketPath)
        {
            socket = InRuntimeFolder(dataFolder);
        }

        return new HostEndpoint(Path.Combine(folder, "host.lock"), socket);
    }

    private static string InRuntimeFolder(string dataFolder)
    {
        string? runtimeFolder = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        if (string.IsNullOrEmpty(runtimeFolder) || !Directory.Exists(runtimeFolder))
        {
            throw new VirtualMachineException(
                VirtualMachineError.PathTooLong,
                $"The data folder {dataFolder} is too deep for a local socket. Set {UserFolders.OverrideVariable} to a shorter path.");
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataFolder)))[..16];
        return Path.Combine(CreateFolder(Path.Combine(runtimeFolder, "vpcctl")), hash + ".sock");
    }

    private static string CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(folder).FullName;
        }

        string path = Directory.CreateDirectory(folder, OnlyUser).FullName;
        DemandOwn(Path.GetDirectoryName(path)!);
        DemandOwn(path);
        if (File.GetUnixFileMode(path) != OnlyUser)
        {
            File.SetUnixFileMode(path, OnlyUser);
        }

        return path;
    }

    /// <summary>Whoever could replace lock and socket could host this user's machines.</summary>
    private static void DemandOwn(string folder)
    {
        if (OperatingSystem.IsLinux() && UnixFolder.WhyUnsafe(folder) is { } unsafeBecause)
        {
            throw new VirtualMachineException(
                VirtualMachineError.AccessDenied,
                $"The folder {folder} {unsafeBecause}: it is no place for your machines. "
                    + $"Set {UserFolders.OverrideVariable} to a folder of your own.");
        }
    }
}
