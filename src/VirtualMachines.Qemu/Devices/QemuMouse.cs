using System.Text.Json;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Qmp;

namespace VpcComApi.VirtualMachines.Qemu.Devices;

/// <summary>The mouse of a QEMU machine: a PS/2 mouse for relative moves, and a USB tablet for absolute positions.</summary>
/// <param name="operate">Executes a command of the control channel and translates its failures.</param>
internal sealed class QemuMouse(Func<string, Func<QmpClient, Task>, CancellationToken, Task> operate) : IMouseDevice
{
    /// <inheritdoc/>
    public Task SetButtonAsync(MouseButton button, bool isDown, CancellationToken cancellationToken) =>
        SendAsync(json => QemuInput.WriteButton(json, NameOf(button), isDown), cancellationToken);

    /// <inheritdoc/>
    public Task MoveByAsync(int right, int down, CancellationToken cancellationToken) => SendAsync(
        json =>
        {
            QemuInput.WriteMove(json, "rel", "x", right);
            QemuInput.WriteMove(json, "rel", "y", down);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task MoveToAsync(double horizontal, double vertical, CancellationToken cancellationToken) => SendAsync(
        json =>
        {
            QemuInput.WriteMove(json, "abs", "x", QemuInput.Absolute(horizontal));
            QemuInput.WriteMove(json, "abs", "y", QemuInput.Absolute(vertical));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task TurnWheelAsync(int notches, CancellationToken cancellationToken) => SendAsync(
        json =>
        {
            string button = notches > 0 ? "wheel-up" : "wheel-down";
            for (int notch = Math.Min(Math.Abs(notches), QemuInput.MaxNotches); notch > 0; notch--)
            {
                QemuInput.WriteButton(json, button, isDown: true);
                QemuInput.WriteButton(json, button, isDown: false);
            }
        },
        cancellationToken);

    private static string NameOf(MouseButton button) => button switch
    {
        MouseButton.Left => "left",
        MouseButton.Right => "right",
        _ => "middle",
    };

    private Task SendAsync(Action<Utf8JsonWriter> writeEvents, CancellationToken cancellationToken) => operate(
        "take the mouse's moves",
        qmp => qmp.ExecuteAsync("input-send-event", json => QemuInput.WriteEvents(json, writeEvents), cancellationToken),
        cancellationToken);
}
