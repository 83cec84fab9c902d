using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Qmp;

namespace VpcComApi.VirtualMachines.Qemu.Devices;

/// <summary>The keyboard of a QEMU machine.</summary>
/// <param name="operate">Executes a command of the control channel, and turns its failures into the domain's.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class QemuKeyboard(
    Func<string, Func<QmpClient, Task>, CancellationToken, Task> operate, TimeProvider timeProvider) : IKeyboardDevice
{
    /// <summary>
    /// Moves that are sent at once. A PS/2 keyboard has room for 16 bytes, a move takes up to two; what comes too quickly is lost, so QEMU
    /// gets a few at a time and the guest some time to take them.
    /// </summary>
    private const int StrokesAtOnce = 4;

    /// <summary>How long a guest may need to take a few moves.</summary>
    private static readonly TimeSpan TypingInterval = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public async Task SendAsync(IReadOnlyList<KeyStroke> strokes, CancellationToken cancellationToken)
    {
        foreach (KeyStroke[] some in strokes.Chunk(StrokesAtOnce))
        {
            await operate(
                "take keys",
                qmp => qmp.ExecuteAsync("input-send-event", json => QemuInput.Write(json, some), cancellationToken),
                cancellationToken);
            await Task.Delay(TypingInterval, timeProvider, cancellationToken);
        }
    }
}
