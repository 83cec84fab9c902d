namespace VpcComApi.VirtualMachines.Qemu.Links;

/// <summary>The socket through which the host reaches QEMU's end of the bus device.</summary>
internal interface IBusSocket : IDisposable
{
    /// <summary>QEMU's options for it: those of a socket character device.</summary>
    string Backend { get; }

    /// <summary>Connects to QEMU. The previous connection must be closed.</summary>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <exception cref="IOException">QEMU does not answer.</exception>
    Task<Stream> ConnectAsync(CancellationToken cancellationToken);
}
