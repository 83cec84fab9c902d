using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Tests.Peripherals;

/// <summary>A machine's display and its thumbnail.</summary>
[TestFixture]
internal sealed class DisplayTests
{
    [Test]
    public async Task A_machine_that_is_off_has_a_black_thumbnail_and_no_size()
    {
        await using HostFixture fixture = new();
        MachineDisplay display = fixture.Machine.Display;

        uint[] thumbnail = await display.PaintThumbnailAsync(CancellationToken.None);

        Assert.That(thumbnail, Has.Length.EqualTo(64 * 48).And.All.Zero);
        Assert.That(async () => await display.ReadModeAsync(CancellationToken.None), Refusals.With(VirtualMachineError.MachineNotRunning));
        Assert.That(() => display.CanResize, Refusals.With(VirtualMachineError.MachineNotRunning));
    }

    [Test]
    public async Task A_pixel_has_its_blue_green_and_red_from_the_top_bits_down()
    {
        await using HostFixture fixture = new();
        fixture.Provider.Prepare = machine => machine.Devices = new FakeDevices();
        await fixture.StartAsync();

        uint[] thumbnail = await fixture.Machine.Display.PaintThumbnailAsync(CancellationToken.None);

        Assert.That(thumbnail, Has.Length.EqualTo(64 * 48).And.All.EqualTo(0x33221100));
    }

    [Test]
    public void A_pixel_of_the_thumbnail_is_the_mean_of_the_pixels_that_it_represents()
    {
        uint[] pixels = new uint[128 * 96];
        pixels[0] = 0x0000FF;
        pixels[129] = 0x0000FF;
        pixels[^1] = 0xFF0000;

        uint[] thumbnail = DisplayThumbnail.Paint(new DisplayImage(128, 96, pixels));

        Assert.That(thumbnail[0], Is.EqualTo(0x7F000000));
        Assert.That(thumbnail[^1], Is.EqualTo(0x00003F00));
        Assert.That(thumbnail[1..^1], Is.All.Zero);
    }

    [Test]
    public async Task A_provider_without_a_display_says_so()
    {
        await using HostFixture fixture = new();
        await fixture.StartAsync();

        Assert.That(
            async () => await fixture.Machine.Display.ReadModeAsync(CancellationToken.None), Refusals.With(VirtualMachineError.NoDisplay));
        Assert.That(await fixture.Machine.Display.PaintThumbnailAsync(CancellationToken.None), Is.All.Zero);
    }

    [TestCase(632, 480)]
    [TestCase(2056, 480)]
    [TestCase(641, 480)]
    [TestCase(640, 479)]
    [TestCase(640, 1921)]
    public async Task A_size_out_of_range_is_refused_whatever_the_state(int width, int height)
    {
        await using HostFixture fixture = new();

        Assert.That(
            async () => await fixture.Machine.Display.SetDimensionsAsync(width, height, CancellationToken.None),
            Refusals.With(VirtualMachineError.InvalidArgument));
    }

    [Test]
    public async Task A_size_needs_a_running_machine_with_a_guest()
    {
        await using HostFixture fixture = new();
        Task ResizeAsync() => fixture.Machine.Display.SetDimensionsAsync(800, 600, CancellationToken.None);
        Assert.That(ResizeAsync, Refusals.With(VirtualMachineError.MachineNotRunning));

        fixture.Provider.Prepare = machine => machine.Devices = new FakeDevices();
        await fixture.StartAsync();
        Assert.That(ResizeAsync, Refusals.With(VirtualMachineError.IntegrationFeatureNotAvailable));

        await fixture.Machine.PauseAsync(CancellationToken.None);
        Assert.That(ResizeAsync, Refusals.With(VirtualMachineError.TimedOut));
    }
}
