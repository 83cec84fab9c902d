using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>
/// One caller's keyboard at a machine: a US 101-key one. Each caller has an object of its own, because exclusive access belongs to the
/// object; <see cref="Dispose"/> gives it back.
/// </summary>
/// <remarks>
/// A key is named as in section 14 of the contract, without regard to case. A null name or text is
/// <see cref="VirtualMachineError.MissingArgument"/>, an empty or unknown one <see cref="VirtualMachineError.InvalidArgument"/>. The
/// contract names no code for a machine that is off; what sends keys answers <see cref="VirtualMachineError.MachineNotRunning"/> then.
/// While another object has exclusive access, what is sent is dropped without an error.
/// </remarks>
public sealed class MachineKeyboard : IDisposable
{
    private readonly IMachineAccess owner;
    private readonly KeyboardState state;

    internal MachineKeyboard(IMachineAccess owner, KeyboardState state)
    {
        this.owner = owner;
        this.state = state;
    }

    /// <summary>Whether this object alone may send input.</summary>
    public bool HasExclusiveAccess => state.IsExclusive(this);

    /// <summary>Takes exclusive access, or gives it back.</summary>
    /// <param name="exclusive">What is wanted.</param>
    /// <returns>False when it was so already.</returns>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.ExclusiveAccessRefused"/>: the machine is no longer registered, or another object has exclusive
    /// access.
    /// </exception>
    public bool SetExclusiveAccess(bool exclusive)
    {
        if (state.IsExclusive(this) == exclusive)
        {
            return false;
        }

        if (!exclusive)
        {
            state.GiveBack(this);
            return true;
        }

        try
        {
            owner.RequireRegistered();
        }
        catch (VirtualMachineException gone)
        {
            throw new VirtualMachineException(VirtualMachineError.ExclusiveAccessRefused, gone.Message, gone);
        }

        return state.TryTake(this) ? true : throw new VirtualMachineException(
            VirtualMachineError.ExclusiveAccessRefused,
            $"Another client has exclusive access to the keyboard of the machine '{owner.Name}'. Try again when it has given it back.");
    }

    /// <summary>Presses a key, which stays down.</summary>
    /// <param name="key">The key's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task PressKeyAsync(string? key, CancellationToken cancellationToken) =>
        SendAsync([new KeyStroke(KeyTokens.Find(key), IsDown: true)], cancellationToken);

    /// <summary>Releases a key.</summary>
    /// <param name="key">The key's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task ReleaseKeyAsync(string? key, CancellationToken cancellationToken) =>
        SendAsync([new KeyStroke(KeyTokens.Find(key), IsDown: false)], cancellationToken);

    /// <summary>Presses and releases a key.</summary>
    /// <param name="key">The key's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task PressAndReleaseKeyAsync(string? key, CancellationToken cancellationToken)
    {
        KeyboardKey found = KeyTokens.Find(key);
        return SendAsync([new KeyStroke(found, IsDown: true), new KeyStroke(found, IsDown: false)], cancellationToken);
    }

    /// <summary>Whether a key has been pressed here, by whichever object, and not released. On a machine that is off none is.</summary>
    /// <param name="key">The key's name.</param>
    public bool IsPressed(string? key)
    {
        KeyboardKey found = KeyTokens.Find(key);
        owner.RequireRegistered();
        return state.IsDown(owner.RunningMachine, found);
    }

    /// <summary>Types a text.</summary>
    /// <param name="text">Up to 16,384 characters of ASCII; a line end is one Enter.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task TypeAsciiTextAsync(string? text, CancellationToken cancellationToken) =>
        SendAsync(AsciiTyping.StrokesFor(text), cancellationToken);

    /// <summary>Sends a key sequence. Keys that it leaves down stay down.</summary>
    /// <param name="sequence">Words between commas; see section 14 of the contract.</param>
    /// <param name="cancellationToken">Ends the wait, and what has not been sent yet is not.</param>
    public async Task TypeKeySequenceAsync(string? sequence, CancellationToken cancellationToken)
    {
        IReadOnlyList<IReadOnlyList<KeyStroke>> parts = KeySequence.Parse(sequence);
        for (int i = 0; i < parts.Count; i++)
        {
            if (i > 0)
            {
                await Task.Delay(KeyTokens.HoldTime, owner.TimeProvider, cancellationToken);
            }

            await SendAsync(parts[i], cancellationToken);
        }
    }

    /// <summary>Gives exclusive access back.</summary>
    public void Dispose() => state.GiveBack(this);

    private async Task SendAsync(IReadOnlyList<KeyStroke> strokes, CancellationToken cancellationToken)
    {
        IRunningMachine machine = owner.Demand(MachineOperation.UseRunningDevices, MachineCapabilities.Keyboard);
        IKeyboardDevice device = machine.Keyboard;
        if (!state.Admits(this) || strokes.Count == 0)
        {
            return;
        }

        await owner.CallAsync(
            "take the keys in",
            async token =>
            {
                await state.Turn.WaitAsync(token);
                try
                {
                    await device.SendAsync(strokes, token);
                    state.Note(machine, strokes);
                }
                finally
                {
                    state.Turn.Release();
                }
            },
            cancellationToken);
    }
}
