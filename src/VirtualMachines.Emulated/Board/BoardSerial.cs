namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>Bytes on a serial line, in either direction.</summary>
/// <param name="Port">The port: 0 for COM1, up to <see cref="PortCount"/> less one.</param>
/// <param name="Data">1 to <see cref="MaxLength"/> bytes.</param>
internal sealed record BoardSerial(int Port, byte[] Data)
{
    /// <summary>The number of serial ports of an emulated machine, which is that of Virtual PC's machines.</summary>
    public const int PortCount = 2;

    /// <summary>The most bytes in one message.</summary>
    public const int MaxLength = 4096;
}
