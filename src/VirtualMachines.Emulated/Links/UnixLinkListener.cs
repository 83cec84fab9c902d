using System.Net.Sockets;
using System.Runtime.Versioning;
using VpcComApi.VirtualMachines.Emulated.Native;

namespace VpcComApi.VirtualMachines.Emulated.Links;

/// <summary>
/// A Unix domain socket in a folder that only this user may enter. The socket is there only while a guest is awaited: it is deleted as soon as one
/// has connected. The folder stays until the machine is disposed, so that nobody else can take the path.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixLinkListener : GuestLinkListener
{
    /// <summary>A socket's path fits sockaddr_un with its end: 108 bytes on Linux, 104 elsewhere.</summary>
    private const int MaxPathLength = 103;

    private const string SocketName = "bus";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string folder;
    private readonly string path;
    private Socket? socket;

    /// <summary>Makes the folder.</summary>
    public UnixLinkListener()
    {
        folder = MakeFolder();
        path = Path.Combine(folder, SocketName);
    }

    /// <inheritdoc/>
    public override string Address => "unix:" + path;

    /// <inheritdoc/>
    public override void Open()
    {
        if (socket is not null)
        {
            return;
        }

        Socket made = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            made.Bind(new UnixDomainSocketEndPoint(path));
            made.Listen(1);
            socket = made;
        }
        catch (SocketException e)
        {
            made.Dispose();
            throw new IOException($"The socket {path} of the machine's bus device could not be made: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override async Task<GuestLink> AcceptAsync(CancellationToken cancellationToken)
    {
        Open();
        try
        {
            Socket accepted = await socket!.AcceptAsync(cancellationToken);
            Close();
            return new GuestLink(new NetworkStream(accepted, ownsSocket: true), LinkPeer.ProcessIdOf(accepted));
        }
        catch (SocketException e)
        {
            throw new IOException($"Nobody could be let in at {path}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Close();
        try
        {
            Directory.Delete(folder);
        }
        catch (DirectoryNotFoundException)
        {
            // A temporary folder may be swept by its owner.
        }

        return ValueTask.CompletedTask;
    }

    private static string MakeFolder()
    {
        foreach (string? parent in (string?[])[Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), Path.GetTempPath(), "/tmp"])
        {
            if (!Directory.Exists(parent))
            {
                continue;
            }

            string folder = Path.Combine(parent, "vpc-" + Guid.NewGuid().ToString("N"));
            if (System.Text.Encoding.UTF8.GetByteCount(Path.Combine(folder, SocketName)) <= MaxPathLength)
            {
                Directory.CreateDirectory(folder, OwnerOnly);
                return folder;
            }
        }

        throw new IOException("No folder for the machine's bus socket: neither XDG_RUNTIME_DIR nor TMPDIR nor /tmp can be used.");
    }

    private void Close()
    {
        // .NET deletes the socket's file when it disposes the socket that was bound to it.
        socket?.Dispose();
        socket = null;
    }
}
