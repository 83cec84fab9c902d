using System.IO.Pipes;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Cryptography;
using System.Security.Principal;
using VpcComApi.VirtualMachines.Emulated.Native;

namespace VpcComApi.VirtualMachines.Emulated.Links;

/// <summary>
/// A Windows named pipe with a name that cannot be guessed: first instance, one client, this user only, no clients from other computers.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class PipeLinkListener : GuestLinkListener
{
    /// <summary>The buffer size in each direction, so that one frame of the bus never waits for the other side's read.</summary>
    private const int BufferSize = 64 * 1024;

    private readonly string name = "vpc-bus-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private NamedPipeServerStream? pipe;

    /// <inheritdoc/>
    public override string Address => "pipe:" + name;

    /// <inheritdoc/>
    public override void Open() => pipe ??= Make();

    /// <inheritdoc/>
    public override async Task<GuestLink> AcceptAsync(CancellationToken cancellationToken)
    {
        Open();
        await pipe!.WaitForConnectionAsync(cancellationToken);
        NamedPipeServerStream connected = pipe;
        pipe = null;
        return new GuestLink(connected, LinkPeer.ProcessIdOf(connected.SafePipeHandle));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => pipe?.DisposeAsync() ?? ValueTask.CompletedTask;

    private NamedPipeServerStream Make()
    {
        using WindowsIdentity user = WindowsIdentity.GetCurrent();
        PipeSecurity security = new();
        security.AddAccessRule(new PipeAccessRule(
            new SecurityIdentifier(WellKnownSidType.NetworkSid, null), PipeAccessRights.FullControl, AccessControlType.Deny));
        security.AddAccessRule(new PipeAccessRule(user.User!, PipeAccessRights.FullControl, AccessControlType.Allow));

        try
        {
            // With at most one instance .NET requires that it is the first one: the call fails if another process uses the name.
            return NamedPipeServerStreamAcl.Create(
                name,
                PipeDirection.InOut,
                maxNumberOfServerInstances: 1,
                PipeTransmissionMode.Byte,
                PipeOptions.Asynchronous,
                BufferSize,
                BufferSize,
                security);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The pipe {name} of the machine's bus device belongs to another process: {e.Message}", e);
        }
    }
}
