using System.Net.Sockets;
using System.Text.Json;
using VpcComApi.VirtualMachines.Qemu.Disks;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>Lets one program in, and then fails with what no socket should fail with.</summary>
internal sealed class FailingDiskSocket : IDiskSocket
{
    private readonly LoopbackListener listener = new();
    private bool hasFailed;

    /// <inheritdoc/>
    public string Export => "disk";

    /// <inheritdoc/>
    public bool IsSecret => false;

    /// <summary>The port's number.</summary>
    public int Port => listener.Port;

    /// <inheritdoc/>
    public void WriteServer(Utf8JsonWriter json) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<Socket> AcceptAsync(CancellationToken cancellationToken)
    {
        if (hasFailed)
        {
            throw new InvalidOperationException("a failure that nobody expected");
        }

        hasFailed = true;
        return listener.AcceptAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();
}
