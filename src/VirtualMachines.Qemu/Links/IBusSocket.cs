namespace VpcComApi.VirtualMachines.Qemu.Links;

/// <summary>The socket through which the host reaches QEMU's end of the bus device.</summary>
internal interface IBusSocket : IDisposable
{
    /// <summary>What QEMU gets of it: the options of its socket character device.</summary>
    string Backend { get; }

    /// <summary>Connects to QEMU. The connection before must be closed.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">QEMU does not answer.</exception>
    Task<Stream> ConnectAsync(CancellationToken cancellationToken);
}
