using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.PhysicalHost;

namespace VpcComApi.VirtualMachines.Tests.PhysicalHost;

/// <summary>A computer read from a made-up <c>/proc</c> and <c>/sys</c>.</summary>
[TestFixture]
internal sealed class LinuxHostSystemTests
{
    private TestDirectory root = null!;
    private LinuxHostSystem system = null!;

    [SetUp]
    public void Make_the_root()
    {
        root = new TestDirectory();
        system = new LinuxHostSystem(root.FullPath);
    }

    [TearDown]
    public void Delete_the_root() => root.Dispose();

    [Test]
    public void Processor_memory_and_system_are_read()
    {
        Write(
            "proc/cpuinfo",
            "processor\t: 0\nphysical id\t: 0\ncpu MHz\t\t: 2799.998\n\nprocessor\t: 1\nphysical id\t: 1\ncpu MHz\t\t: 1200.0\n");
        Write("proc/meminfo", "MemTotal:       16384000 kB\nMemFree:          1 kB\nMemAvailable:    8192000 kB\n");
        Write("etc/os-release", "NAME=\"Test\"\nPRETTY_NAME=\"Test Linux 1 (first)\"\n");

        Assert.That(system.ReadProcessor().PhysicalCount, Is.EqualTo(2));
        Assert.That(system.ReadProcessor().Megahertz, Is.EqualTo(2800));
        Assert.That(system.ReadMemory(), Is.EqualTo(new HostMemory(16000, 8000)));
        Assert.That(system.ReadOperatingSystem().Name, Is.EqualTo("Test Linux 1 (first)"));
        Assert.That(system.ReadOperatingSystem().ServicePack, Is.Empty);
    }

    [Test]
    public void Drives_and_ports_are_listed_as_devices()
    {
        Write("sys/block/sr0/size", "0");
        Write("sys/block/fd0/size", "0");
        Write("sys/block/sda/size", "0");
        Write("sys/class/tty/ttyS0/type", "4\n");
        Write("sys/class/tty/ttyS1/type", "0\n");
        Write("sys/class/tty/ttyUSB0/dev", "188:0");
        Write("sys/class/ppdev/parport0/dev", "99:0");

        Assert.That(system.ReadDvdDrives(), Is.EqualTo(["/dev/sr0"]));
        Assert.That(system.ReadFloppyDrives(), Is.EqualTo(["/dev/fd0"]));
        Assert.That(system.ReadSerialPorts(), Is.EqualTo(["/dev/ttyS0", "/dev/ttyUSB0"]), "ttyS1 has no chip");
        Assert.That(system.ReadParallelPorts(), Is.EqualTo(["/dev/parport0"]));
    }

    [Test]
    public void USB_devices_are_listed_with_their_place_and_without_hubs()
    {
        Usb("usb1", "bDeviceClass=09 busnum=1 devnum=1 idVendor=1d6b idProduct=0002");
        Usb("1-4", "bDeviceClass=09 busnum=1 devnum=5 idVendor=05e3 idProduct=0608");
        Usb("1-4.2", "bDeviceClass=00 busnum=1 devnum=7 idVendor=0781 idProduct=5567 product=Cruzer manufacturer=SanDisk");
        Usb("1-4.2:1.0", "bInterfaceClass=08");
        Usb("1-2", "bDeviceClass=ff busnum=1 devnum=3 idVendor=0403 idProduct=6001");

        Assert.That(system.ReadUsbDevices(), Is.EqualTo(
        [
            new HostUsbDevice("1-2 0403:6001 3", "USB device 0403:6001", "", HubId: 0x101, Port: 2, DeviceClass: 255),
            new HostUsbDevice("1-4.2 0781:5567 7", "Cruzer", "SanDisk", HubId: 0x105, Port: 2, DeviceClass: 8),
        ]));
    }

    [Test]
    public void What_is_not_there_is_empty()
    {
        Assert.That(system.ReadMemory(), Is.EqualTo(new HostMemory(0, 0)));
        Assert.That(system.ReadProcessor().PhysicalCount, Is.EqualTo(1));
        Assert.That(system.ReadOperatingSystem().Name, Is.EqualTo("Linux"));
        Assert.That(
            system.ReadDvdDrives().Concat(system.ReadFloppyDrives()).Concat(system.ReadSerialPorts()).Concat(
                system.ReadParallelPorts()), Is.Empty);
        Assert.That(system.ReadUsbDevices(), Is.Empty);
    }

    private void Usb(string place, string attributes)
    {
        foreach (string[] attribute in attributes.Split(' ').Select(pair => pair.Split('=')))
        {
            Write($"sys/bus/usb/devices/{place}/{attribute[0]}", attribute[1] + "\n");
        }
    }

    private void Write(string path, string text)
    {
        string file = root.PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
