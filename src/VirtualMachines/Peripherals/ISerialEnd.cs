namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>The host's end of a serial line. Disposing it lets go of what it has open.</summary>
internal interface ISerialEnd : IAsyncDisposable
{
    /// <summary>Takes bytes of the guest. It waits as long as whoever reads takes none; what goes to nobody is dropped.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
