namespace VpcComApi.GuestServices.Links;

/// <summary>A device that can be read and written without waiting.</summary>
internal interface IImmediateDevice
{
    /// <summary>Reads available bytes, as many as there is room for.</summary>
    /// <param name="buffer">Receives the bytes.</param>
    /// <returns>Bytes read; 0 when the other end is not connected; -1 when there are none yet.</returns>
    /// <exception cref="IOException">The device failed or was removed.</exception>
    int TryRead(Span<byte> buffer);

    /// <summary>Writes as many bytes as the device accepts without waiting.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <returns>How many.</returns>
    /// <exception cref="IOException">The device failed or was removed.</exception>
    int TryWrite(ReadOnlySpan<byte> buffer);
}
