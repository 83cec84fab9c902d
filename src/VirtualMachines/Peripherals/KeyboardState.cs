using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>
/// What the keyboard objects of one machine share: which keys are down, who has exclusive access, and whose turn it is to type.
/// </summary>
internal sealed class KeyboardState
{
    private readonly Lock sync = new();
    private readonly HashSet<KeyboardKey> down = [];
    private IRunningMachine? pressedOn;
    private MachineKeyboard? exclusive;

    /// <summary>Held by the one who sends keys.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Whether input of a keyboard object reaches the machine.</summary>
    public bool Admits(MachineKeyboard keyboard)
    {
        lock (sync)
        {
            return exclusive is null || exclusive == keyboard;
        }
    }

    /// <summary>Whether a keyboard object has exclusive access.</summary>
    public bool IsExclusive(MachineKeyboard keyboard)
    {
        lock (sync)
        {
            return exclusive == keyboard;
        }
    }

    /// <summary>Takes exclusive access.</summary>
    /// <returns>False when another keyboard object has it.</returns>
    public bool TryTake(MachineKeyboard keyboard)
    {
        lock (sync)
        {
            exclusive ??= keyboard;
            return exclusive == keyboard;
        }
    }

    /// <summary>Gives exclusive access back; nothing happens when another has it.</summary>
    public void GiveBack(MachineKeyboard keyboard)
    {
        lock (sync)
        {
            if (exclusive == keyboard)
            {
                exclusive = null;
            }
        }
    }

    /// <summary>Whether a key is down.</summary>
    /// <param name="machine">The machine of this run, or null while it is off: then no key is.</param>
    /// <param name="key">The key.</param>
    public bool IsDown(IRunningMachine? machine, KeyboardKey key)
    {
        lock (sync)
        {
            return machine is not null && machine == pressedOn && down.Contains(key);
        }
    }

    /// <summary>Notes what was sent. A machine that was started anew has no key down.</summary>
    public void Note(IRunningMachine machine, IReadOnlyList<KeyStroke> strokes)
    {
        lock (sync)
        {
            if (machine != pressedOn)
            {
                down.Clear();
                pressedOn = machine;
            }

            foreach (KeyStroke stroke in strokes)
            {
                _ = stroke.IsDown ? down.Add(stroke.Key) : down.Remove(stroke.Key);
            }
        }
    }
}
