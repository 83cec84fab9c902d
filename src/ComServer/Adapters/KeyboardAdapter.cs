using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Peripherals;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMKeyboard: one client's keyboard at a machine. Its exclusive access ends with the client's last reference.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="keyboard">The keyboard.</param>
[GeneratedComClass]
internal sealed partial class KeyboardAdapter(Application application, MachineKeyboard keyboard)
    : VMKeyboardBase(application.Dispatcher), IDescribedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served, whenLastEnds: keyboard.Dispose);

    /// <inheritdoc/>
    public ServedClass Class => application.KeyboardClass;

    /// <inheritdoc/>
    public override void PressKey(string? key) => application.Wait(stopping => keyboard.PressKeyAsync(key, stopping));

    /// <inheritdoc/>
    public override void ReleaseKey(string? key) => application.Wait(stopping => keyboard.ReleaseKeyAsync(key, stopping));

    /// <inheritdoc/>
    public override void PressAndReleaseKey(string? key) => application.Wait(stopping => keyboard.PressAndReleaseKeyAsync(key, stopping));

    /// <inheritdoc/>
    public override bool IsPressed(string? key) => keyboard.IsPressed(key);

    /// <inheritdoc/>
    public override void TypeAsciiText(string? text) => application.Wait(stopping => keyboard.TypeAsciiTextAsync(text, stopping));

    /// <inheritdoc/>
    public override void TypeKeySequence(string? keySequence) =>
        application.Wait(stopping => keyboard.TypeKeySequenceAsync(keySequence, stopping));

    /// <inheritdoc/>
    public override int get_HasExclusiveAccess(out bool isExclusive)
    {
        isExclusive = keyboard.HasExclusiveAccess;
        return HResults.S_OK;
    }

    /// <inheritdoc/>
    public override int put_HasExclusiveAccess(bool makeExclusive) =>
        keyboard.SetExclusiveAccess(makeExclusive) ? HResults.S_OK : HResults.S_FALSE;
}
