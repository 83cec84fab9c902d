namespace VpcComApi.VirtualMachines.Providers;

/// <summary>A machine's mouse, from outside.</summary>
/// <remarks>Each member fails with a <see cref="VirtualMachineException"/> when the machine has ended or its provider failed.</remarks>
public interface IMouseDevice
{
    /// <summary>Presses or releases a button.</summary>
    /// <param name="button">The button.</param>
    /// <param name="isDown">Whether it is pressed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task SetButtonAsync(MouseButton button, bool isDown, CancellationToken cancellationToken);

    /// <summary>Moves the pointer from where it is.</summary>
    /// <param name="right">Pixels to the right; negative to the left.</param>
    /// <param name="down">Pixels down; negative up.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task MoveByAsync(int right, int down, CancellationToken cancellationToken);

    /// <summary>Moves the pointer to a place on the display.</summary>
    /// <param name="horizontal">0 the left edge, 1 the right one.</param>
    /// <param name="vertical">0 the upper edge, 1 the lower one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task MoveToAsync(double horizontal, double vertical, CancellationToken cancellationToken);

    /// <summary>Turns the wheel.</summary>
    /// <param name="notches">Notches away from the user; negative towards.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task TurnWheelAsync(int notches, CancellationToken cancellationToken);
}
