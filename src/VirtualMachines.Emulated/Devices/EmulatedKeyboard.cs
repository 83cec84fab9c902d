using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated.Devices;

/// <summary>An emulated keyboard: its keys go to the guest as scan codes.</summary>
/// <param name="send">Sends to the guest that runs.</param>
internal sealed class EmulatedKeyboard(Func<BoardInput, CancellationToken, Task> send) : IKeyboardDevice
{
    /// <summary>Strokes in one message.</summary>
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
