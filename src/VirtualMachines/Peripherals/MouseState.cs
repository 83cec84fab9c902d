using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>What the mouse objects of one machine share: where the pointer is, and which buttons are down.</summary>
internal sealed class MouseState
{
    private readonly Lock sync = new();
    private readonly HashSet<MouseButton> down = [];
    private IRunningMachine? usedOn;
    private int horizontal;
    private int vertical;

    /// <summary>Whether a button is down.</summary>
    public bool IsDown(IRunningMachine machine, MouseButton button)
    {
        lock (sync)
        {
            return machine == usedOn && down.Contains(button);
        }
    }

    /// <summary>Notes a button's move.</summary>
    public void Note(IRunningMachine machine, MouseButton button, bool isDown)
    {
        lock (sync)
        {
            Use(machine);
            _ = isDown ? down.Add(button) : down.Remove(button);
        }
    }

    /// <summary>Where the pointer is, in pixels from the upper left corner.</summary>
    public (int Horizontal, int Vertical) PositionOn(IRunningMachine machine)
    {
        lock (sync)
        {
            Use(machine);
            return (horizontal, vertical);
        }
    }

    /// <summary>Notes the pointer's new position.</summary>
    public void Note(IRunningMachine machine, int newHorizontal, int newVertical)
    {
        lock (sync)
        {
            Use(machine);
            horizontal = newHorizontal;
            vertical = newVertical;
        }
    }

    /// <summary>A machine that was started anew has no button down and its pointer in the corner.</summary>
    private void Use(IRunningMachine machine)
    {
        if (machine != usedOn)
        {
            usedOn = machine;
            down.Clear();
            horizontal = 0;
            vertical = 0;
        }
    }
}
