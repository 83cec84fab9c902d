using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>
/// The listener as the Unix socket that .NET's pipe clients open.
/// <para>
/// A socket's file can be removed and bound anew by anyone who may write to its folder, so the file is no claim to the name. The claim is a
/// second socket in Linux's abstract namespace: one name whatever the case, exclusive, and gone with the process however it ends. Whoever
/// holds it may remove a file that a crash has left. The file itself is protected by its mode and, in the shared temporary folder, by that
/// folder's sticky bit; a folder in which others could replace it is refused.
/// </para>
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixPipeListener : HostPipeListener
{
    private const int OneClient = 1;

    private readonly Socket claim;
    private readonly Socket listener;
    private UnixPipeStream? stream;

    /// <summary>Claims the name and binds the socket.</summary>
    internal UnixPipeListener(PipeName name)
        : base(name)
    {
        string path = UnixPipePath.Of(name.Name);
        if (OperatingSystem.IsLinux() && UnixFolder.WhyUnsafe(Path.GetDirectoryName(path)!) is { } unsafeBecause)
        {
            throw Refused(
                name,
                $"Its folder {Path.GetDirectoryName(path)} {unsafeBecause}, so that others could take its place. "
                    + "Set TMPDIR to another folder.");
        }

        claim = NewSocket();
        listener = NewSocket();
        try
        {
            claim.Bind(new UnixDomainSocketEndPoint(ClaimOn(path)));
            RemoveLeftover(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));

            // Nobody can connect before the call to Listen, so the mode is in force in time.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen(OneClient);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            Dispose();
            throw NameInUse(name, e);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw Refused(name, e.Message, e);
        }
    }

    /// <inheritdoc/>
    internal override bool IsClientGone => stream is not { IsClientGone: false };

    /// <inheritdoc/>
    internal override async Task<Stream> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket client = await listener.AcceptAsync(cancellationToken);
            if (UnixPeerCredentials.IsOurUserOrRoot(client))
            {
                stream = new UnixPipeStream(client);
                RefuseLaterClients();
                return stream;
            }

            client.Dispose();
        }
    }

    /// <inheritdoc/>
    internal override void CompleteWriting() => stream?.CompleteWriting();

    /// <inheritdoc/>
    internal override void Disconnect() => stream?.Dispose();

    /// <inheritdoc/>
    public override void Dispose()
    {
        // In this order: the claim must outlive the file, or a new owner's file could be removed here, and a client that learns of the end
        // may use the name again.
        listener.Dispose();
        claim.Dispose();
        stream?.Dispose();
    }

    /// <summary>
    /// There is one client: a later one is refused and not queued. The file stays to the end, so that nobody else can put a socket of his
    /// own in its place, to which a later client would then talk.
    /// </summary>
    private void RefuseLaterClients()
    {
        try
        {
            listener.Shutdown(SocketShutdown.Both);
            listener.Blocking = false;
            while (true)
            {
                // Those who came in the same moment.
                listener.Accept().Dispose();
            }
        }
        catch (SocketException)
        {
            // Nobody more.
        }
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>The abstract name of the claim on a path: the same for all cases of the name, and of a length that always fits.</summary>
    private static string ClaimOn(string path) =>
        "\0VpcComApi/pipe/" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(path.ToUpperInvariant())));

    /// <summary>Removes a socket that nobody listens on. One that somebody listens on stays, and binding then fails.</summary>
    private static void RemoveLeftover(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using Socket probe = NewSocket();

        // Somebody who listens and does not accept must not keep this waiting.
        probe.Blocking = false;
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            // Not ours to judge; binding decides.
        }
    }
}
