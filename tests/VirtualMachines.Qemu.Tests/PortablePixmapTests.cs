using System.Text;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Devices;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>Pictures as QEMU writes them.</summary>
[TestFixture]
public sealed class PortablePixmapTests
{
    [Test]
    public void Colours_are_where_they_belong()
    {
        DisplayImage image = PortablePixmap.Read([.. "P6\n2 1\n255\n"u8, 0xFF, 0x80, 0x01, 0x00, 0x00, 0x7F]);

        Assert.That((image.Width, image.Height), Is.EqualTo((2, 1)));
        Assert.That(image.Pixels.ToArray(), Is.EqualTo((uint[])[0xFF8001, 0x00007F]));
    }

    [TestCase("P5\n1 1\n255\nxyz")]
    [TestCase("P6\n1 1\n255\nxy")]
    [TestCase("P6\n0 1\n255\nxyz")]
    [TestCase("P6\n99999999 99999999\n255\nxyz")]
    [TestCase("P6\n-1 1\n255\nxyz")]
    [TestCase("P6\n1 1\n65535\nxyzxyz")]
    [TestCase("P6")]
    [TestCase("")]
    public void What_is_no_picture_is_refused(string file) =>
        Assert.That(() => PortablePixmap.Read(Encoding.ASCII.GetBytes(file)), Throws.InstanceOf<InvalidDataException>());
}
