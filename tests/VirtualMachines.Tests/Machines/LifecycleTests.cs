using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;
using static VpcComApi.VirtualMachines.MachineState;

namespace VpcComApi.VirtualMachines.Tests.Machines;

/// <summary>What a machine does when it is switched: its states, their order, its provider's part, its failures.</summary>
[TestFixture]
internal sealed class LifecycleTests
{
    [Test]
    public async Task A_start_passes_through_TurningOn_and_ends_in_Running()
    {
        await using HostFixture fixture = new();
        using StateRecorder states = new(fixture.Machine);

        FakeRunningMachine running = await fixture.StartAsync();

        Assert.That(fixture.Machine.State, Is.EqualTo(Running));
        await states.ExpectAsync(TurningOn, Running);
        Assert.That(running.Start.SavedStateFile, Is.Null);
        Assert.That(fixture.Log.Entries.Select(entry => entry.Id), Does.Contain(MachineEventIds.MachineLaunched));
    }

    [Test]
    public async Task The_state_is_TurningOn_when_Startup_returns()
    {
        await using HostFixture fixture = new();
        TaskCompletionSource go = new();
        fixture.Provider.Starting = (_, _, _) => go.Task;

        MachineTask task = fixture.Machine.Startup(StartupOption.Normal);

        Assert.That(fixture.Machine.State, Is.EqualTo(TurningOn));
        Assert.That(fixture.Host.IsBusy, Is.True);
        go.SetResult();
        await HostFixture.SucceedAsync(task);
    }

    [Test]
    public async Task Turning_off_passes_through_TurningOff_and_leaves_nothing()
    {
        await using HostFixture fixture = new();
        FakeRunningMachine running = await fixture.StartAsync();
        using StateRecorder states = new(fixture.Machine);

        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());

        await states.ExpectAsync(TurningOff, TurnedOff);
        Assert.That(string.Join(' ', running.Calls), Is.EqualTo("TurnOff Dispose"));
        Assert.That(fixture.Machine.State, Is.EqualTo(TurnedOff));
    }

    [Test]
    public async Task A_saved_machine_is_restored_from_its_file_and_the_file_is_used_up()
    {
        await using HostFixture fixture = new();
        await fixture.StartAsync();
        using StateRecorder states = new(fixture.Machine);

        await HostFixture.SucceedAsync(fixture.Machine.Save());
        Assert.That(fixture.Machine.State, Is.EqualTo(Saved));
        string file = fixture.Machine.SavedStateFile;
        Assert.That(file, Does.Exist);
        FakeRunningMachine restored = await fixture.StartAsync();

        await states.ExpectAsync(Saving, TurningOff, Saved, TurningOn, Restoring, Running);
        Assert.That(restored.Start.SavedStateFile, Is.EqualTo(file));
        Assert.That(file, Does.Not.Exist);
    }

    [Test]
    public async Task Pause_and_Resume_reach_the_provider()
    {
        await using HostFixture fixture = new();
        FakeRunningMachine running = await fixture.StartAsync();
        using StateRecorder states = new(fixture.Machine);

        await fixture.Machine.PauseAsync(CancellationToken.None);
        Assert.That(fixture.Machine.State, Is.EqualTo(Paused));
        await fixture.Machine.ResumeAsync(CancellationToken.None);

        await states.ExpectAsync(Paused, Running);
        Assert.That(string.Join(' ', running.Calls), Is.EqualTo("Pause Resume"));
    }

    [Test]
    public async Task A_killed_machine_is_turned_off_reported_and_can_be_started_again()
    {
        await using HostFixture fixture = new();
        FakeRunningMachine running = await fixture.StartAsync();
        using StateRecorder states = new(fixture.Machine);

        running.End(MachineEndReason.Died, "the guest process was killed by signal 9");

        await states.ExpectAsync(TurnedOff);
        Assert.That(running.IsDisposed, Is.True);
        LogEntry entry = fixture.Log.Entries.Single(entry => entry.Id == MachineEventIds.MachineDied);
        Assert.That(entry.Text, Does.Contain(VirtualMachineHost.FirstMachineName).And.Contain("killed by signal 9"));
        await fixture.StartAsync();
        Assert.That(fixture.Provider.Machines, Has.Count.EqualTo(2));
    }
}
