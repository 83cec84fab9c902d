using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated.Devices;

/// <summary>An emulated mouse, with relative and absolute positions.</summary>
/// <param name="send">Sends to the running guest.</param>
internal sealed class EmulatedMouse(Func<BoardInput, CancellationToken, Task> send) : IMouseDevice
{
    /// <inheritdoc/>
    public Task SetButtonAsync(MouseButton button, bool isDown, CancellationToken cancellationToken) =>
        SendAsync(new BoardMouse { Button = (int)button, IsDown = isDown }, cancellationToken);

    /// <inheritdoc/>
    public Task MoveByAsync(int right, int down, CancellationToken cancellationToken) =>
        SendAsync(new BoardMouse { Right = right, Down = down }, cancellationToken);

    /// <inheritdoc/>
    public Task MoveToAsync(double horizontal, double vertical, CancellationToken cancellationToken) =>
        SendAsync(new BoardMouse { Horizontal = horizontal, Vertical = vertical }, cancellationToken);

    /// <inheritdoc/>
    public Task TurnWheelAsync(int notches, CancellationToken cancellationToken) =>
        SendAsync(new BoardMouse { Wheel = notches }, cancellationToken);

    private Task SendAsync(BoardMouse move, CancellationToken cancellationToken) =>
        send(new BoardInput { Mouse = move }, cancellationToken);
}
