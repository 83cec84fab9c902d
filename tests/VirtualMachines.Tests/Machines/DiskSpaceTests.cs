using Microsoft.Extensions.Time.Testing;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Machines;

/// <summary>The room on the disk of a running machine.</summary>
[TestFixture]
internal sealed class DiskSpaceTests
{
    private const long Megabyte = 1024 * 1024;

    [Test]
    public async Task Little_free_space_is_reported_and_the_machine_continues()
    {
        await using HostFixture fixture = new();
        fixture.Computer.FreeBytes = (100 * Megabyte) - 1;
        Task<int> told = NextWarning(fixture.Machine);

        await fixture.StartAsync();

        Assert.That(await Wait.UntilAsync(told, "the warning"), Is.Zero);
        Assert.That(fixture.Machine.State, Is.EqualTo(MachineState.Running));
        Assert.That(fixture.Log.Entries.Select(entry => entry.Id), Does.Contain(MachineEventIds.HostDiskSpaceWarning));
    }

    [Test]
    public async Task Critically_little_room_pauses_the_machine()
    {
        await using HostFixture fixture = new();
        fixture.Computer.FreeBytes = (20 * Megabyte) - 1;
        List<int> told = [];
        fixture.Machine.Occurred += (_, args) =>
        {
            if (args.Occurrence == MachineOccurrence.DiskOutOfSpace)
            {
                told.Add(args.Detail);
            }
        };

        await fixture.StartAsync();
        await fixture.WaitForAsync(MachineState.Paused);
        await Wait.UntilAsync(fixture.Machine.Parts.Context.Events.DrainAsync(), "the events");

        Assert.That(told, Is.EqualTo([0, 1]), "the warning, then the error");
        Assert.That(fixture.Log.Entries.Select(entry => entry.Id), Does.Contain(MachineEventIds.HostDiskSpaceError));
        Assert.That(fixture.Log.Entries.Select(entry => entry.Text), Has.Some.Contains("was paused: the disk is full"));
        Assert.That(fixture.Machine.PauseReason, Is.EqualTo(PauseReason.DiskFull));
    }

    [Test]
    public async Task A_machine_whose_disk_was_full_goes_on_only_by_hand()
    {
        FakeTimeProvider clock = new();
        await using HostFixture fixture = new(timeProvider: clock);
        fixture.Computer.FreeBytes = (20 * Megabyte) - 1;
        await fixture.StartAsync();
        await fixture.WaitForAsync(MachineState.Paused);

        fixture.Computer.FreeBytes = 1000 * Megabyte;
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(fixture.Machine.State, Is.EqualTo(MachineState.Paused));
        await Wait.UntilAsync(fixture.Machine.ResumeAsync(CancellationToken.None), "the resumption");
        Assert.That(fixture.Machine.PauseReason, Is.Null);

        await Wait.UntilAsync(fixture.Machine.PauseAsync(CancellationToken.None), "the pause");
        Assert.That(fixture.Machine.PauseReason, Is.EqualTo(PauseReason.Requested));
    }

    [Test]
    public async Task The_volume_of_a_hard_disk_image_counts_too()
    {
        await using HostFixture fixture = new();
        fixture.Computer.FreeBytes = 1000 * Megabyte;
        string folder = Path.Combine(fixture.Folder, "disks");
        string path = Path.Combine(folder, "disk.vhd");
        await HostFixture.SucceedAsync(fixture.Host.CreateDynamicVirtualHardDisk(path, 3));
        fixture.Machine.AddHardDiskConnection(path, 0, 0);
        fixture.Computer.FullFolder = folder;

        await fixture.StartAsync();

        await fixture.WaitForAsync(MachineState.Paused);
    }

    [Test]
    public async Task Enough_free_space_is_not_reported()
    {
        await using HostFixture fixture = new();
        fixture.Computer.FreeBytes = 100 * Megabyte;
        Task<int> told = NextWarning(fixture.Machine);

        await fixture.StartAsync();
        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());
        await Wait.UntilAsync(fixture.Machine.Parts.Context.Events.DrainAsync(), "the events");

        Assert.That(told.IsCompleted, Is.False);
    }

    private static Task<int> NextWarning(VirtualMachine machine)
    {
        TaskCompletionSource<int> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        machine.Occurred += (_, args) =>
        {
            if (args.Occurrence == MachineOccurrence.DiskOutOfSpace)
            {
                told.TrySetResult(args.Detail);
            }
        };
        return told.Task;
    }
}
