using System.Net.Sockets;
using System.Runtime.Versioning;
using VpcComApi.Platform.Folders;
using VpcComApi.VirtualMachines.Emulated.Native;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.VirtualMachines.Emulated.Links;

/// <summary>
/// A Unix domain socket in a folder that only this user may enter. The socket exists only while a guest is awaited: it is deleted as soon
/// as one has connected. The folder stays until the machine is disposed, so that no other process can take the path.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixLinkListener : GuestLinkListener
{
    private const string SocketName = "bus";

    private readonly string folder;
    private readonly string path;
    private Socket? socket;

    /// <summary>Creates the folder.</summary>
    public UnixLinkListener()
    {
        folder = PrivateFolder.Make(SocketName);
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
            throw new IOException($"The socket {path} of the machine's bus device could not be created: {e.Message}", e);
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
            return new GuestLink(new UnixSocketLink(accepted), LinkPeer.ProcessIdOf(accepted));
        }
        catch (SocketException e)
        {
            throw new IOException($"No connection could be accepted at {path}: {e.Message}", e);
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
            // A temporary folder may be cleaned up by other programs of its owner.
        }

        return ValueTask.CompletedTask;
    }

    private void Close()
    {
        // .NET deletes the socket's file when it disposes the socket that was bound to it.
        socket?.Dispose();
        socket = null;
    }
}
