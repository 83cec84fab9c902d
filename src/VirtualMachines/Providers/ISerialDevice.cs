namespace VpcComApi.VirtualMachines.Providers;

/// <summary>A machine's serial port, from outside: the other end of its cable. It outlives resets and reboots of the guest.</summary>
public interface ISerialDevice
{
    /// <summary>
    /// Waits for bytes of the guest. From the first call on none is lost: a guest whose bytes are not read waits, with this line alone.
    /// Before that a provider may drop what is more than its buffer, whose size is in bytes, holds, because a guest that boots must not
    /// wait for a line that is not connected.
    /// </summary>
    /// <param name="buffer">Receives the bytes; not empty.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many bytes were read; 0 when the machine has ended.</returns>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Sends bytes to the guest, and waits as long as the guest takes none.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="cancellationToken">Ends the wait for room in the line's buffer.</param>
    /// <exception cref="VirtualMachineException">The machine has ended, or its provider failed.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
