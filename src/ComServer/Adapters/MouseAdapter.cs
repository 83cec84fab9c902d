using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMMouseDevice: one client's mouse at a machine.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="mouse">The mouse.</param>
[GeneratedComClass]
internal sealed partial class MouseAdapter(Application application, MachineMouse mouse)
    : VMMouseBase(application.Dispatcher), IDescribedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.MouseClass;

    /// <inheritdoc/>
    public override bool GetButton(VMMouseButton buttonIndex) => mouse.GetButton((MouseButton)buttonIndex);

    /// <inheritdoc/>
    public override void SetButton(VMMouseButton buttonIndex, bool down) =>
        application.Wait(stopping => mouse.SetButtonAsync((MouseButton)buttonIndex, down, stopping));

    /// <inheritdoc/>
    public override void Click(VMMouseButton buttonIndex) =>
        application.Wait(stopping => mouse.ClickAsync((MouseButton)buttonIndex, stopping));

    /// <inheritdoc/>
    public override int get_HorizontalPosition() => mouse.Position.Horizontal;

    /// <inheritdoc/>
    public override void put_HorizontalPosition(int position) => application.Wait(stopping => mouse.SetHorizontalAsync(position, stopping));

    /// <inheritdoc/>
    public override int get_VerticalPosition() => mouse.Position.Vertical;

    /// <inheritdoc/>
    public override void put_VerticalPosition(int position) => application.Wait(stopping => mouse.SetVerticalAsync(position, stopping));

    /// <inheritdoc/>
    public override void put_ScrollWheelPosition(int position) => application.Wait(stopping => mouse.TurnWheelAsync(position, stopping));

    /// <inheritdoc/>
    public override bool get_UsingAbsoluteCoordinates() => mouse.UsingAbsoluteCoordinates;

    /// <inheritdoc/>
    public override void put_UsingAbsoluteCoordinates(bool usingAbsoluteCoordinates) =>
        mouse.UsingAbsoluteCoordinates = usingAbsoluteCoordinates;
}
