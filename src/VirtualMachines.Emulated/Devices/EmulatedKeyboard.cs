using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated.Devices;

/// <summary>An emulated keyboard, which sends scan codes to the guest.</summary>
/// <param name="send">Sends to the running guest.</param>
internal sealed class EmulatedKeyboard(Func<BoardInput, CancellationToken, Task> send) : IKeyboardDevice
{
    /// <summary>The most keystrokes in one message.</summary>
    private const int MaxStrokes = 64;

    /// <inheritdoc/>
    public async Task SendAsync(IReadOnlyList<KeyStroke> strokes, CancellationToken cancellationToken)
    {
        foreach (KeyStroke[] part in strokes.Chunk(MaxStrokes))
        {
            await send(
                new BoardInput { Keys = Array.ConvertAll(part, stroke => stroke.IsDown ? (int)stroke.Key : -(int)stroke.Key) },
                cancellationToken);
        }
    }
}
