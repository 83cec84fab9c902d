using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.PhysicalHost;

namespace VpcComApi.VirtualMachines.Tests.Usb;

/// <summary>The host's USB devices and the machines that use them.</summary>
[TestFixture]
internal sealed class UsbDeviceTests
{
    private HostFixture fixture = null!;

    private VirtualMachine Machine => fixture.Machine;

    [SetUp]
    public void Open_the_host()
    {
        fixture = new HostFixture();
        Plug(2);
    }

    [TearDown]
    public async Task Close_the_host() => await fixture.DisposeAsync();

    [Test]
    public void A_device_is_the_same_object_for_as_long_as_it_is_plugged_in()
    {
        UsbDevice first = fixture.Host.UsbDevices[0];
        Assert.That(fixture.Host.UsbDevices[0], Is.SameAs(first));

        fixture.Computer.UsbDevices = [];
        Assert.That(fixture.Host.UsbDevices, Is.Empty);

        Plug(1);
        Assert.That(fixture.Host.UsbDevices[0], Is.Not.SameAs(first));
    }

    [TestCase(16, false)]
    [TestCase(17, true)]
    public void More_than_sixteen_cannot_be_listed(int count, bool refused)
    {
        Plug(count);

        if (refused)
        {
            Assert.That(() => fixture.Host.UsbDevices, Refusals.With(VirtualMachineError.TooManyUsbDevices));
        }
        else
        {
            Assert.That(fixture.Host.UsbDevices, Has.Count.EqualTo(count));
        }
    }

    [Test]
    public async Task A_machine_without_its_guest_service_takes_no_device()
    {
        UsbDevice device = fixture.Host.UsbDevices[0];
        Assert.That(() => Machine.AttachUsbDeviceAsync(device, default), Refusals.With(VirtualMachineError.MachineNotRunning));
        Assert.That(() => Machine.DetachUsbDeviceAsync(device, default), Refusals.With(VirtualMachineError.MachineNotRunning));

        await fixture.StartAsync();

        Assert.That(
            () => Machine.AttachUsbDeviceAsync(device, default), Refusals.With(VirtualMachineError.IntegrationComponentsNotAvailable));
        Assert.That(() => Machine.DetachUsbDeviceAsync(device, default), Refusals.With(VirtualMachineError.UsbDetachFailed));
        Assert.That(device.Machine, Is.Null);
    }

    [Test]
    public void A_device_belongs_to_one_machine_at_a_time()
    {
        UsbDeviceList devices = fixture.Host.UsbDeviceList;
        UsbDevice device = devices.All[0];
        VirtualMachine other = fixture.Host.CreateVirtualMachine("Other", Path.Combine(fixture.Folder, "other"));

        devices.Take(device, Machine);

        Assert.That(device.Machine, Is.SameAs(Machine));
        Assert.That(() => devices.Take(device, other), Refusals.With(VirtualMachineError.UsbDeviceTaken));
        devices.ReturnAll(Machine);
        Assert.That(device.Machine, Is.Null);
        Assert.That(() => devices.Take(device, other), Throws.Nothing);
    }

    [Test]
    public void A_machine_has_eight_devices_at_most()
    {
        Plug(9);
        UsbDeviceList devices = fixture.Host.UsbDeviceList;
        IReadOnlyList<UsbDevice> all = devices.All;
        foreach (UsbDevice device in all.Take(8))
        {
            devices.Take(device, Machine);
        }

        Assert.That(() => devices.Take(all[8], Machine), Refusals.With(VirtualMachineError.UsbPortsTaken));
    }

    [Test]
    public void An_unplugged_device_cannot_be_taken()
    {
        UsbDeviceList devices = fixture.Host.UsbDeviceList;
        UsbDevice device = devices.All[0];
        fixture.Computer.UsbDevices = [];
        _ = devices.All;

        Assert.That(() => devices.Take(device, Machine), Refusals.With(VirtualMachineError.UsbAttachFailed));
    }

    private void Plug(int count) => fixture.Computer.UsbDevices =
        [.. Enumerable.Range(1, count).Select(number => new HostUsbDevice($"{number}", $"Device "
            + $"{number}", "Maker", HubId: 1, number, DeviceClass: 3))];
}
