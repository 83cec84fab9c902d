namespace VpcComApi.VirtualMachines.Providers;

/// <summary>A machine's keyboard, from outside. Keys that are sent while the machine is paused wait in its buffer.</summary>
public interface IKeyboardDevice
{
    /// <summary>Moves keys, in order. The caller sends one list after the other.</summary>
    /// <param name="strokes">The moves.</param>
    /// <param name="cancellationToken">Ends the wait for room in the keyboard's buffer.</param>
    /// <exception cref="VirtualMachineException">The machine has ended, or its provider failed.</exception>
    Task SendAsync(IReadOnlyList<KeyStroke> strokes, CancellationToken cancellationToken);
}
