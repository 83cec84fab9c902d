using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks.Media;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Tests.Machines;

/// <summary>Drives and network cards of a machine that runs: changes of the configuration are applied to the machine.</summary>
[TestFixture]
internal sealed class LiveHardwareTests
{
    [Test]
    public async Task A_provider_gets_the_drives_and_cards_as_they_are_configured()
    {
        await using HostFixture fixture = new();
        string floppy = MakeFloppy(fixture, "a.vfd");
        fixture.Computer.DvdDrives = ["D:"];
        fixture.Machine.FloppyDrives[0].AttachImage(floppy);
        fixture.Machine.DvdDrives[0].AttachHostDrive("d");
        fixture.Machine.AddNetworkCard();

        MachineStart start = (await fixture.StartAsync()).Start;

        Assert.That(start.FloppyDrives, Is.EqualTo(new[] { new MachineFloppyDrive(0, new MachineMedium(floppy, IsHostDrive: false)) }));
        Assert.That(start.DvdDrives, Is.EqualTo(new[] { new MachineDvdDrive(1, 0, new MachineMedium("D", IsHostDrive: true)) }));
        Assert.That(
            start.NetworkCards.Select(card => (card.Number, card.Network)),
            Is.EqualTo(new (int, VirtualNetworkKind?)[] { (0, VirtualNetworkKind.Shared), (1, null) }));
        Assert.That(
            start.NetworkCards.Select(card => string.Join('-', card.Address.GetAddressBytes().Select(part => part.ToString("X2", null)))),
            Is.EqualTo(fixture.Machine.NetworkCards.Select(card => card.EthernetAddress)));
    }

    [Test]
    public async Task Changes_reach_the_running_machine()
    {
        await using HostFixture fixture = new();
        FakeLiveHardware hardware = new();
        fixture.Provider.Prepare = machine => (machine.RemovableDrives, machine.NetworkCables) = (hardware, hardware);
        await fixture.StartAsync();

        fixture.Machine.FloppyDrives[0].AttachImage(MakeFloppy(fixture, "a.vfd"));
        fixture.Machine.FloppyDrives[0].ReleaseImage();
        fixture.Machine.NetworkCards[0].Detach();
        fixture.Machine.NetworkCards[0].AttachTo(
            fixture.Host.VirtualNetworks.First(network => network.Kind == VirtualNetworkKind.Internal));

        Assert.That(hardware.Calls, Is.EqualTo(["floppy 0 a.vfd", "floppy 0 empty", "card 0 loose", "card 0 Internal"]));
    }

    [Test]
    public async Task What_the_running_machine_cannot_do_is_not_configured()
    {
        await using HostFixture fixture = new();
        FakeLiveHardware hardware =
            new() { Failure = new VirtualMachineException(VirtualMachineError.ProviderFailed, "The drive is stuck, and stays so.") };
        fixture.Provider.Prepare = machine => (machine.RemovableDrives, machine.NetworkCables) = (hardware, hardware);
        await fixture.StartAsync();

        Assert.That(
            () => fixture.Machine.FloppyDrives[0].AttachImage(MakeFloppy(fixture, "a.vfd")),
            Refusals.With(VirtualMachineError.ProviderFailed));
        Assert.That(() => fixture.Machine.NetworkCards[0].Detach(), Refusals.With(VirtualMachineError.ProviderFailed));

        Assert.That(fixture.Machine.FloppyDrives[0].Attachment, Is.EqualTo(MediaAttachment.None));
        Assert.That(fixture.Machine.NetworkCards[0].Network, Is.Not.Null);
    }

    [Test]
    public async Task A_machine_that_has_just_ended_does_not_hinder_a_change()
    {
        await using HostFixture fixture = new();
        FakeLiveHardware hardware =
            new() { Failure = new VirtualMachineException(VirtualMachineError.MachineNotRunning, "The machine has ended by itself.") };
        fixture.Provider.Prepare = machine => machine.RemovableDrives = hardware;
        await fixture.StartAsync();

        fixture.Machine.FloppyDrives[0].AttachImage(MakeFloppy(fixture, "a.vfd"));

        Assert.That(fixture.Machine.FloppyDrives[0].Attachment, Is.EqualTo(MediaAttachment.Image));
    }

    [Test]
    public async Task What_is_changed_while_a_machine_powers_up_is_in_it_when_it_runs()
    {
        await using HostFixture fixture = new();
        FakeLiveHardware hardware = new();
        fixture.Provider.Prepare = machine => (machine.RemovableDrives, machine.NetworkCables) = (hardware, hardware);
        fixture.Provider.Starting = (_, _, _) =>
        {
            fixture.Machine.FloppyDrives[0].AttachImage(MakeFloppy(fixture, "a.vfd"));
            fixture.Machine.NetworkCards[0].Detach();
            return Task.CompletedTask;
        };

        await fixture.StartAsync();

        Assert.That(hardware.Calls, Is.EqualTo(["floppy 0 a.vfd", "card 0 loose"]));
    }

    [Test]
    public async Task A_change_that_fails_does_not_keep_the_others_from_a_machine_that_has_just_powered_up()
    {
        await using HostFixture fixture = new();
        FakeLiveHardware hardware = new() { Failure = new VirtualMachineException(VirtualMachineError.ProviderFailed, "It is stuck.") };
        fixture.Provider.Prepare = machine => (machine.RemovableDrives, machine.NetworkCables) = (hardware, hardware);
        fixture.Provider.Starting = (_, _, _) =>
        {
            fixture.Machine.FloppyDrives[0].AttachImage(MakeFloppy(fixture, "a.vfd"));
            fixture.Machine.NetworkCards[0].Detach();
            return Task.CompletedTask;
        };

        await fixture.StartAsync();

        Assert.That(hardware.Calls, Is.EqualTo(["floppy 0 a.vfd", "card 0 loose"]));
        Assert.That(fixture.Machine.State, Is.EqualTo(MachineState.Running));
    }

    [Test]
    public async Task A_change_waits_for_another_that_hangs_for_seconds_and_not_for_minutes()
    {
        FakeTimeProvider time = new();
        await using HostFixture fixture = new(timeProvider: time);
        FakeLiveHardware hardware = new() { Answering = new TaskCompletionSource().Task };
        fixture.Provider.Prepare = machine => (machine.RemovableDrives, machine.NetworkCables) = (hardware, hardware);
        await fixture.StartAsync();
        string floppy = MakeFloppy(fixture, "a.vfd");
        Task hanging = Task.Run(() => fixture.Machine.FloppyDrives[0].AttachImage(floppy));
        await Wait.UntilAsync(() => hardware.Calls.Count == 1, "the provider to be asked");

        Task waiting = Task.Run(() => fixture.Machine.NetworkCards[0].Detach());
        await AdvanceUntilAsync(time, waiting);

        Assert.That(async () => await waiting, Refusals.With(VirtualMachineError.TimedOut));
        Assert.That(time.GetUtcNow() - time.Start, Is.LessThan(TimeSpan.FromSeconds(30)));
        hardware.Answering = Task.CompletedTask;
        await AdvanceUntilAsync(time, hanging);
        Assert.That(async () => await hanging, Refusals.With(VirtualMachineError.TimedOut));
        fixture.Machine.NetworkCards[0].Detach();
    }

    [Test]
    public async Task The_disc_of_the_integration_components_is_inserted_into_the_empty_drive_and_again_at_the_next_request()
    {
        await using HostFixture fixture = new();
        FakeLiveHardware hardware = new();
        fixture.Provider.Prepare = machine => machine.RemovableDrives = hardware;
        string disc = MakeDisc(fixture, "vmsrvc-1.0.0.iso");
        await fixture.StartAsync();
        ConcurrentQueue<string> told = new();
        DvdDrive drive = fixture.Machine.DvdDrives[0];
        drive.MediaChanged += (_, e) => told.Enqueue($"{(e.Inserted ? "in" : "out")} {Path.GetFileName(e.Media)}");

        fixture.Machine.GuestOS.InstallIntegrationComponents();
        Assert.That(drive.ImageFile, Is.EqualTo(disc));
        MakeDisc(fixture, "vmsrvc-1.1.0.iso");
        fixture.Machine.GuestOS.InstallIntegrationComponents();

        Assert.That(hardware.Calls, Is.EqualTo(["dvd 1:0 vmsrvc-1.0.0.iso", "dvd 1:0 empty", "dvd 1:0 vmsrvc-1.1.0.iso"]));
        await Wait.UntilAsync(() => told.Count == 3, "the events");
        Assert.That(told, Is.EqualTo(["in vmsrvc-1.0.0.iso", "out vmsrvc-1.0.0.iso", "in vmsrvc-1.1.0.iso"]));
    }

    [Test]
    public async Task Without_an_empty_drive_the_integration_components_are_refused_and_what_is_in_the_drive_stays()
    {
        await using HostFixture fixture = new();
        MakeDisc(fixture, "vmsrvc-1.0.0.iso");
        string other = MakeDisc(fixture, Path.Combine("..", "other.iso"));
        fixture.Machine.DvdDrives[0].AttachImage(other);
        await fixture.StartAsync();

        Assert.That(fixture.Machine.GuestOS.InstallIntegrationComponents, Refusals.With(VirtualMachineError.DriveInvalid));

        Assert.That(fixture.Machine.DvdDrives[0].Attachment, Is.EqualTo(MediaAttachment.Image));
    }

    [Test]
    public async Task A_disc_of_the_integration_components_that_cannot_be_removed_is_reported()
    {
        await using HostFixture fixture = new();
        FakeLiveHardware hardware = new();
        fixture.Provider.Prepare = machine => machine.RemovableDrives = hardware;
        MakeDisc(fixture, "vmsrvc-1.0.0.iso");
        await fixture.StartAsync();
        fixture.Machine.GuestOS.InstallIntegrationComponents();
        hardware.Failure = new VirtualMachineException(VirtualMachineError.ProviderFailed, "The drive is stuck, and stays so.");

        Assert.That(fixture.Machine.GuestOS.InstallIntegrationComponents, Refusals.With(VirtualMachineError.MediaUnmountFailed));
    }

    private static Task AdvanceUntilAsync(FakeTimeProvider time, Task happened) => Wait.UntilAsync(
        () =>
        {
            if (!happened.IsCompleted)
            {
                time.Advance(TimeSpan.FromMilliseconds(50));
            }

            return happened.IsCompleted;
        },
        "the limit to take effect");

    private static string MakeDisc(HostFixture fixture, string name)
    {
        byte[] disc = new byte[20 * 2048];
        "CD001"u8.CopyTo(disc.AsSpan((16 * 2048) + 1));
        string path = Path.GetFullPath(Path.Combine(fixture.IntegrationMediaFolder, name));
        Directory.CreateDirectory(fixture.IntegrationMediaFolder);
        File.WriteAllBytes(path, disc);
        return path;
    }

    private static string MakeFloppy(HostFixture fixture, string name)
    {
        string path = Path.Combine(fixture.Folder, name);
        FloppyImage.Create(path, FloppyImageKind.HighDensity);
        return path;
    }
}
