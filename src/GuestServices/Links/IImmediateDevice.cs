namespace VpcComApi.GuestServices.Links;

/// <summary>A device that can be asked for what it can do without a wait.</summary>
internal interface IImmediateDevice
{
    /// <summary>Reads what has come, as much as there is room for.</summary>
    /// <param name="buffer">Where to.</param>
    /// <returns>Bytes read; 0 when nobody is at the other end; -1 when nothing has come.</returns>
    /// <exception cref="IOException">The device failed or is gone.</exception>
    int TryRead(Span<byte> buffer);

    /// <summary>Writes as many bytes as the device takes at once.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <returns>How many.</returns>
    /// <exception cref="IOException">The device failed or is gone.</exception>
    int TryWrite(ReadOnlySpan<byte> buffer);
}
