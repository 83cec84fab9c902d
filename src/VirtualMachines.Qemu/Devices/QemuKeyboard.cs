using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Qmp;

namespace VpcComApi.VirtualMachines.Qemu.Devices;

/// <summary>The keyboard of a QEMU machine.</summary>
/// <param name="operate">Executes a command of the control channel and translates its failures.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class QemuKeyboard(
    Func<string, Func<QmpClient, Task>, CancellationToken, Task> operate, TimeProvider timeProvider) : IKeyboardDevice
{
    /// <summary>
    /// The most keystrokes in one command. A PS/2 keyboard has room for 16 bytes and a keystroke takes up to two; keys that arrive too fast
    /// are lost. So a few are sent at a time, and the guest gets some time to read them.
    /// </summary>
    private const int StrokesAtOnce = 4;

    /// <summary>How long a guest may need to read a few keystrokes.</summary>
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
