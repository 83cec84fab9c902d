using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>
/// One caller's mouse at a machine. Each caller has an object of its own, because the kind of coordinates belongs to the object; buttons
/// and pointer are the machine's.
/// </summary>
/// <remarks>
/// Each member fails with <see cref="VirtualMachineError.MachineNotRunning"/> when the machine is off, and with
/// <see cref="VirtualMachineError.MouseNotActive"/> when it has no mouse. What needs absolute coordinates fails with
/// <see cref="VirtualMachineError.IntegrationFeatureNotAvailable"/> while the guest service is not up.
/// </remarks>
public sealed class MachineMouse
{
    private readonly IMachineAccess owner;
    private readonly MouseState state;
    private volatile bool isAbsolute;

    internal MachineMouse(IMachineAccess owner, MouseState state)
    {
        this.owner = owner;
        this.state = state;
    }

    /// <summary>Whether positions are pixels from the display's upper left corner; else they are distances. False at first.</summary>
    public bool UsingAbsoluteCoordinates
    {
        get
        {
            owner.Demand(MachineOperation.UseRunningDevices);
            return isAbsolute;
        }

        set
        {
            owner.Demand(MachineOperation.UseRunningDevices);
            if (value)
            {
                owner.DemandGuest();
            }

            isAbsolute = value;
        }
    }

    /// <summary>Whether a button is down.</summary>
    /// <param name="button">The button.</param>
    public bool GetButton(MouseButton button)
    {
        Check(button);
        (IRunningMachine machine, _) = DemandMouse();
        return state.IsDown(machine, button);
    }

    /// <summary>Presses or releases a button.</summary>
    /// <param name="button">The button.</param>
    /// <param name="isDown">Whether it is pressed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task SetButtonAsync(MouseButton button, bool isDown, CancellationToken cancellationToken)
    {
        Check(button);
        (IRunningMachine machine, IMouseDevice device) = DemandMouse();
        await owner.CallAsync("move its mouse button", token => device.SetButtonAsync(button, isDown, token), cancellationToken);
        state.Note(machine, button, isDown);
    }

    /// <summary>Presses and releases a button.</summary>
    /// <param name="button">The button.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task ClickAsync(MouseButton button, CancellationToken cancellationToken)
    {
        await SetButtonAsync(button, isDown: true, cancellationToken);
        await SetButtonAsync(button, isDown: false, cancellationToken);
    }

    /// <summary>Where the pointer is, in pixels from the upper left corner of the display.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.UsingRelativeCoordinates"/>: distances have no position.
    /// </exception>
    public (int Horizontal, int Vertical) Position
    {
        get
        {
            (IRunningMachine machine, _) = DemandMouse();
            if (!isAbsolute)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.UsingRelativeCoordinates,
                    $"This mouse of the machine '{owner.Name}' uses relative coordinates and has no position. "
                        + "Set UsingAbsoluteCoordinates first.");
            }

            owner.DemandGuest();
            return state.PositionOn(machine);
        }
    }

    /// <summary>
    /// Moves the pointer: with absolute coordinates to a column of the display, the nearest that it has; else by a distance to the right.
    /// </summary>
    /// <param name="position">Pixels.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task SetHorizontalAsync(int position, CancellationToken cancellationToken) => MoveAsync(position, null, cancellationToken);

    /// <summary>
    /// Moves the pointer: with absolute coordinates to a row of the display, the nearest that it has; else by a distance down.
    /// </summary>
    /// <param name="position">Pixels.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task SetVerticalAsync(int position, CancellationToken cancellationToken) => MoveAsync(null, position, cancellationToken);

    /// <summary>Turns the wheel.</summary>
    /// <param name="notches">Notches away from the user; negative towards.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.UsingAbsoluteCoordinates"/>: a wheel has no position.
    /// </exception>
    public Task TurnWheelAsync(int notches, CancellationToken cancellationToken)
    {
        (_, IMouseDevice device) = DemandMouse();
        return isAbsolute
            ? throw new VirtualMachineException(
                VirtualMachineError.UsingAbsoluteCoordinates,
                $"The wheel of the mouse of the machine '{owner.Name}' turns by distances. Set UsingAbsoluteCoordinates to false first.")
            : owner.CallAsync("turn its mouse wheel", token => device.TurnWheelAsync(notches, token), cancellationToken);
    }

    private static void Check(MouseButton button)
    {
        if (!Enum.IsDefined(button))
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument, $"{(int)button} is no mouse button. Use 1 (left), 2 (right) or 3 (center).");
        }
    }

    private (IRunningMachine Machine, IMouseDevice Device) DemandMouse()
    {
        IRunningMachine machine = owner.Demand(MachineOperation.UseRunningDevices, MachineCapabilities.Mouse);
        return (machine, machine.Mouse);
    }

    private async Task MoveAsync(int? horizontal, int? vertical, CancellationToken cancellationToken)
    {
        (IRunningMachine machine, IMouseDevice device) = DemandMouse();
        if (isAbsolute)
        {
            owner.DemandGuest();
        }

        (int Width, int Height) size = await SizeAsync(machine, cancellationToken);
        (int x, int y) = state.PositionOn(machine);
        int newX = Math.Clamp(
            isAbsolute ? horizontal ?? x : (int)Math.Clamp((long)x + (horizontal ?? 0), int.MinValue, int.MaxValue), 0, size.Width - 1);
        int newY = Math.Clamp(
            isAbsolute ? vertical ?? y : (int)Math.Clamp((long)y + (vertical ?? 0), int.MinValue, int.MaxValue), 0, size.Height - 1);
        await owner.CallAsync(
            "move its mouse",
            token => isAbsolute
                ? device.MoveToAsync(PartOf(newX, size.Width), PartOf(newY, size.Height), token)
                : device.MoveByAsync(horizontal ?? 0, vertical ?? 0, token),
            cancellationToken);
        state.Note(machine, newX, newY);
    }

    private static double PartOf(int position, int size) => size > 1 ? (double)position / (size - 1) : 0;

    private async Task<(int Width, int Height)> SizeAsync(IRunningMachine machine, CancellationToken cancellationToken)
    {
        if (!machine.Can(MachineCapabilities.Display))
        {
            // Without a display there is nothing that could bound the pointer.
            return (int.MaxValue, int.MaxValue);
        }

        DisplayMode mode = await owner.CallAsync("report the size of its display", machine.Display.ReadModeAsync, cancellationToken);
        return (mode.Width, mode.Height);
    }
}
