using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Tests.Peripherals;

/// <summary>Mice of callers at one machine. No guest is up in it, so that absolute coordinates are refused.</summary>
[TestFixture]
internal sealed class MouseTests
{
    [Test]
    public async Task A_machine_that_is_off_has_no_mouse()
    {
        await using HostFixture fixture = new();

        Assert.That(() => fixture.Machine.OpenMouse(), Refusals.With(VirtualMachineError.MachineNotRunning));
    }

    [Test]
    public async Task A_provider_without_a_mouse_says_so()
    {
        await using HostFixture fixture = new();
        await fixture.StartAsync();

        Assert.That(() => fixture.Machine.OpenMouse().GetButton(MouseButton.Left), Refusals.With(VirtualMachineError.MouseNotActive));
    }

    [Test]
    public async Task Buttons_distances_and_wheel_reach_the_device_and_positions_need_the_guest()
    {
        await using HostFixture fixture = new();
        FakeDevices devices = new();
        fixture.Provider.Prepare = machine => machine.Devices = devices;
        await fixture.StartAsync();
        MachineMouse mouse = fixture.Machine.OpenMouse();

        await mouse.SetButtonAsync(MouseButton.Right, isDown: true, CancellationToken.None);
        Assert.That(fixture.Machine.OpenMouse().GetButton(MouseButton.Right), Is.True, "buttons are the machine's");
        await mouse.ClickAsync(MouseButton.Left, CancellationToken.None);
        await mouse.SetHorizontalAsync(-5, CancellationToken.None);
        await mouse.SetVerticalAsync(7, CancellationToken.None);
        await mouse.TurnWheelAsync(-2, CancellationToken.None);

        Assert.That(devices.Moves, Is.EqualTo(["Right True", "Left True", "Left False", "by -5,0", "by 0,7", "wheel -2"]));
        Assert.That(mouse.GetButton(MouseButton.Left), Is.False);
        Assert.That(mouse.UsingAbsoluteCoordinates, Is.False);
        Assert.That(() => mouse.Position, Refusals.With(VirtualMachineError.UsingRelativeCoordinates));
        Assert.That(() => mouse.UsingAbsoluteCoordinates = true, Refusals.With(VirtualMachineError.IntegrationFeatureNotAvailable));
        Assert.That(() => mouse.GetButton((MouseButton)4), Refusals.With(VirtualMachineError.InvalidArgument));
    }
}
