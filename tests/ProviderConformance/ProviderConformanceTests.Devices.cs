using System.Text;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.ProviderConformance;

/// <content>The tests of what a machine can do beyond that: it declares which of it.</content>
public abstract partial class ProviderConformanceTests
{
    /// <summary>
    /// How long a guest may need to change its picture: an emulated processor stops each time its picture is taken.
    /// </summary>
    private static readonly TimeSpan PictureLimit = TimeSpan.FromSeconds(90);

    [Test]
    public async Task A_machine_has_each_device_that_it_declares()
    {
        await using IRunningMachine machine = await StartAsync();

        foreach ((MachineCapabilities capability, Func<object?> device) in new (MachineCapabilities, Func<object?>)[]
        {
            (MachineCapabilities.Display, () => machine.Display),
            (MachineCapabilities.Keyboard, () => machine.Keyboard),
            (MachineCapabilities.Mouse, () => machine.Mouse),
            (MachineCapabilities.MediaChange, () => machine.RemovableDrives),
            (MachineCapabilities.NetworkCables, () => machine.NetworkCables),
            (MachineCapabilities.Usb, () => machine.Usb),
            (MachineCapabilities.Usage, () => machine.UsageMeter),
        })
        {
            if ((machine.Capabilities & capability) != 0)
            {
                Assert.That(device(), Is.Not.Null, capability.ToString());
            }
        }
    }

    [Test]
    public async Task What_a_machine_uses_is_measured_and_a_reset_clears_the_counters_or_keeps_them()
    {
        await using IRunningMachine machine = await StartAsync();
        NeedsCapability(machine, MachineCapabilities.Usage);
        MachineUsage booted;
        await using (GuestConnection guest = await GuestConnection.ConnectAsync(machine))
        {
            booted = await machine.UsageMeter.MeasureAsync(CancellationToken.None);
            Assert.That(booted.ProcessorTime, Is.GreaterThan(TimeSpan.Zero));
            Assert.That(booted.DiskBytesRead, Is.Not.Negative);
            Assert.That(booted.DiskBytesWritten, Is.Not.Negative);
        }

        await machine.ResetAsync(CancellationToken.None);
        MachineUsage reset = await machine.UsageMeter.MeasureAsync(CancellationToken.None);

        Assert.That(
            reset.Generation != booted.Generation || reset.ProcessorTime >= booted.ProcessorTime, Is.True, $"{booted}, then {reset}");
    }

    [Test]
    public async Task A_guest_s_clock_is_compared_with_the_host_s()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        Assume.That(guest.Facts.Can(IntegrationCapabilities.Clock), Is.True);

        // Compared with a clock that is an hour ahead, and not set: every guest's clock stays unchanged.
        Response answer = await guest.AskAsync(id => Request.SynchronizeClock(id, DateTimeOffset.UtcNow.AddHours(1), set: false));

        Assert.That(answer.Error, Is.Null, answer.Message);
        Assert.That(
            TimeSpan.FromMilliseconds(long.Parse(answer.Value!, System.Globalization.CultureInfo.InvariantCulture)),
            Is.EqualTo(TimeSpan.FromHours(-1)).Within(TimeSpan.FromMinutes(10)));
    }

    [Test]
    public async Task A_display_shows_what_is_typed_also_while_its_machine_is_paused()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        NeedsCapability(machine, MachineCapabilities.Display | MachineCapabilities.Keyboard);
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        await WaitForPictureAsync(machine, picture => picture.Pixels.ToArray().Any(pixel => pixel != 0), "the guest to show something");
        await WaitUntilStillAsync(machine);
        uint[] before = (await machine.Display.CaptureAsync(CancellationToken.None)).Pixels.ToArray();

        await machine.Keyboard.SendAsync(
            [new KeyStroke(KeyboardKey.H, IsDown: true), new KeyStroke(KeyboardKey.H, IsDown: false)], CancellationToken.None);
        await WaitForPictureAsync(machine, picture => !picture.Pixels.Span.SequenceEqual(before), "the key to be shown");
        await machine.PauseAsync(CancellationToken.None);

        DisplayMode mode = await machine.Display.ReadModeAsync(CancellationToken.None);
        DisplayImage image = await machine.Display.CaptureAsync(CancellationToken.None);
        Assert.That((image.Width, image.Height), Is.EqualTo((mode.Width, mode.Height)));
        Assert.That(image.Pixels.Span.SequenceEqual(before), Is.False);
    }

    [Test]
    public async Task Devices_of_a_machine_that_has_ended_take_nothing()
    {
        await using IRunningMachine machine = await StartAsync();
        await machine.DisposeAsync();

        if ((machine.Capabilities & MachineCapabilities.Keyboard) != 0)
        {
            Assert.That(
                async () => await machine.Keyboard.SendAsync([new KeyStroke(KeyboardKey.A, IsDown: true)], CancellationToken.None),
                Throws.InstanceOf<VirtualMachineException>());
        }

        foreach (ISerialDevice port in machine.SerialPorts)
        {
            int read = await Wait.UntilAsync(ReadToEndAsync(port), "the serial line to end");
            Assert.That(read, Is.Zero);
        }
    }

    [Test]
    public async Task Bytes_go_both_ways_over_a_serial_port_and_again_after_a_reset()
    {
        await using IRunningMachine machine = await StartAsync();
        Assume.That(AnswersOnSerialPort, Is.True);
        for (int boot = 0; boot < 2; boot++)
        {
            await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
            await machine.SerialPorts[0].WriteAsync(Encoding.ASCII.GetBytes("echo over the wire\r"), CancellationToken.None);

            string answer = await Wait.UntilAsync(ReadTextAsync(machine.SerialPorts[0], "\nover the wire"), "the answer over COM1");
            Assert.That(answer, Does.Contain("over the wire"));
            await Wait.UntilAsync(machine.ResetAsync(CancellationToken.None), "the reset");
        }
    }

    private static async Task WaitForPictureAsync(IRunningMachine machine, Predicate<DisplayImage> isWanted, string what) =>
        await Wait.UntilAsync(() => isWanted(machine.Display.CaptureAsync(CancellationToken.None).Result), what, PictureLimit);

    /// <summary>Waits until the guest has shown the same for a second: it has booted, and waits for a person.</summary>
    private static async Task WaitUntilStillAsync(IRunningMachine machine)
    {
        uint[] last = [];
        System.Diagnostics.Stopwatch still = System.Diagnostics.Stopwatch.StartNew();
        await WaitForPictureAsync(
            machine,
            picture =>
            {
                if (!picture.Pixels.Span.SequenceEqual(last))
                {
                    last = picture.Pixels.ToArray();
                    still.Restart();
                }

                return still.Elapsed > TimeSpan.FromSeconds(1);
            },
            "the picture to be still");
    }

    private static async Task<int> ReadToEndAsync(ISerialDevice port)
    {
        byte[] buffer = new byte[4096];
        int count;
        do
        {
            count = await port.ReadAsync(buffer, CancellationToken.None);
        }
        while (count > 0);
        return count;
    }

    private static async Task<string> ReadTextAsync(ISerialDevice port, string end)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            int count = await port.ReadAsync(buffer, CancellationToken.None);
            Assert.That(count, Is.Not.Zero, "the line ended");
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return text.ToString();
    }
}
