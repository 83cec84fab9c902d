using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using VpcComApi.TestSupport;
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
    public async Task A_machine_that_its_provider_cannot_save_refuses_the_save_and_runs_on()
    {
        await using HostFixture fixture = new();
        fixture.Provider.Prepare = machine => machine.CanSave = false;
        FakeRunningMachine running = await fixture.StartAsync();

        Assert.That(() => fixture.Machine.Save(), Refusals.With(VirtualMachineError.NotImplemented));

        Assert.That(fixture.Machine.State, Is.EqualTo(Running));
        Assert.That(running.Calls, Is.Empty);
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

    [Test]
    public async Task A_processor_s_fatal_error_is_reported_with_the_reset_that_it_causes_and_the_machine_runs_on()
    {
        await using HostFixture fixture = new();
        FakeRunningMachine running = await fixture.StartAsync();
        ConcurrentQueue<MachineOccurrence> occurred = new();
        fixture.Machine.Occurred += (_, e) => occurred.Enqueue(e.Occurrence);

        running.Fault();
        await Wait.UntilAsync(() => occurred.Count == 2, "the events");

        Assert.That(occurred, Is.EqualTo([MachineOccurrence.TripleFault, MachineOccurrence.Reset]));
        Assert.That(fixture.Log.Entries.Count(entry => entry.Id == MachineEventIds.ProcessorError), Is.EqualTo(1));
        Assert.That(fixture.Machine.State, Is.EqualTo(Running));
    }

    [Test]
    public async Task A_guest_whose_processor_fails_endlessly_is_reported_ten_times_a_minute()
    {
        FakeTimeProvider clock = new();
        await using HostFixture fixture = new(timeProvider: clock);
        FakeRunningMachine running = await fixture.StartAsync();
        ConcurrentQueue<MachineOccurrence> occurred = new();
        fixture.Machine.Occurred += (_, e) => occurred.Enqueue(e.Occurrence);

        for (int fault = 0; fault < 100; fault++)
        {
            running.Fault();
        }

        await Wait.UntilAsync(() => running.FaultWaits == 101, "the faults to be dealt with");
        clock.Advance(TimeSpan.FromMinutes(1));
        running.Fault();
        await Wait.UntilAsync(() => occurred.Count >= 22, "the next minute's fault");

        Assert.That(occurred.Count(occurrence => occurrence == MachineOccurrence.TripleFault), Is.EqualTo(11));
    }

    [Test]
    public async Task A_guest_that_powers_off_turns_the_machine_off_and_says_so()
    {
        await using HostFixture fixture = new();
        FakeRunningMachine running = await fixture.StartAsync();
        using StateRecorder states = new(fixture.Machine);
        List<MachineOccurrence> occurred = [];
        fixture.Host.MachineOccurred += (_, e) => occurred.Add(e.Occurrence);

        running.End(MachineEndReason.GuestPoweredOff, "the guest has shut down");

        await states.ExpectAsync(TurnedOff);
        Assert.That(occurred, Is.EqualTo([MachineOccurrence.ShutdownRequested]));
        Assert.That(fixture.Log.Entries.Select(entry => entry.Id), Does.Contain(MachineEventIds.MachineTurnedOffByGuest));
        Assert.That(fixture.Log.Entries.Select(entry => entry.Id), Does.Not.Contain(MachineEventIds.MachineDied));
    }

    [Test]
    public async Task A_reset_passes_through_TurningOff_and_TurningOn_and_is_reported([Values] bool paused)
    {
        await using HostFixture fixture = new();
        FakeRunningMachine running = await fixture.StartAsync();
        if (paused)
        {
            await fixture.Machine.PauseAsync(CancellationToken.None);
        }

        using StateRecorder states = new(fixture.Machine);
        List<MachineOccurrence> occurred = [];
        fixture.Machine.Occurred += (_, e) => occurred.Add(e.Occurrence);

        await HostFixture.SucceedAsync(fixture.Machine.Reset());

        await states.ExpectAsync(TurningOff, TurningOn, Running);
        Assert.That(occurred, Is.EqualTo([MachineOccurrence.Reset]));
        Assert.That(string.Join(' ', running.Calls), Is.EqualTo(paused ? "Pause Resume Reset" : "Reset"));
    }

    [Test]
    public async Task A_paused_machine_can_be_saved_and_turned_off()
    {
        await using HostFixture fixture = new();
        await fixture.StartAsync();
        await fixture.Machine.PauseAsync(CancellationToken.None);
        await HostFixture.SucceedAsync(fixture.Machine.Save());
        Assert.That(fixture.Machine.State, Is.EqualTo(Saved));

        await fixture.StartAsync();
        await fixture.Machine.PauseAsync(CancellationToken.None);
        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());
        Assert.That(fixture.Machine.State, Is.EqualTo(TurnedOff));
    }

    [Test]
    public async Task A_discarded_saved_state_is_gone_and_the_next_start_boots()
    {
        await using HostFixture fixture = new();
        await fixture.StartAsync();
        await HostFixture.SucceedAsync(fixture.Machine.Save());
        string file = fixture.Machine.SavedStateFile;
        using StateRecorder states = new(fixture.Machine);

        fixture.Machine.DiscardSavedState();

        await states.ExpectAsync(TurnedOff);
        Assert.That(file, Does.Not.Exist);
        Assert.That(() => fixture.Machine.SavedStateFile, Refusals.With(VirtualMachineError.NoSavedState));
        Assert.That(fixture.Machine.DiscardSavedState, Refusals.With(VirtualMachineError.NoSavedState));
        Assert.That((await fixture.StartAsync()).Start.SavedStateFile, Is.Null);
    }

    [Test]
    public async Task A_failed_start_returns_to_the_state_before_and_is_reported([Values] bool fromSaved)
    {
        await using HostFixture fixture = new();
        if (fromSaved)
        {
            await fixture.StartAsync();
            await HostFixture.SucceedAsync(fixture.Machine.Save());
        }

        fixture.Provider.Starting = (_, _, _) =>
            throw new VirtualMachineException(VirtualMachineError.OutOfResources, "There is no memory for it.");
        using StateRecorder states = new(fixture.Machine);

        MachineTask task = fixture.Machine.Startup(StartupOption.Normal);
        await Wait.UntilAsync(task.Completion, "the start");

        Assert.That(task.Error!.Error, Is.EqualTo(VirtualMachineError.OutOfResources));
        if (fromSaved)
        {
            await states.ExpectAsync(TurningOn, Restoring, Saved);
        }
        else
        {
            await states.ExpectAsync(TurningOn, TurnedOff);
        }

        Assert.That(fixture.Log.Entries.Select(entry => entry.Id), Does.Contain(MachineEventIds.StartFailed));
        fixture.Provider.Starting = (_, _, _) => Task.CompletedTask;
        await fixture.StartAsync();
    }

    [Test]
    public async Task A_start_can_be_cancelled_while_the_machine_powers_up()
    {
        await using HostFixture fixture = new();
        fixture.Provider.Starting = async (_, progress, token) =>
        {
            progress.Report(50);
            await Task.Delay(Timeout.Infinite, token);
        };
        using StateRecorder states = new(fixture.Machine);
        MachineTask task = fixture.Machine.Startup(StartupOption.Normal);
        await Wait.UntilAsync(() => task.PercentCompleted == 45, "the progress");

        Assert.That(task.IsCancelable, Is.True);
        task.Cancel();
        await Wait.UntilAsync(task.Completion, "the start");

        Assert.That(task.Result, Is.EqualTo(MachineTaskResult.Cancelled));
        await states.ExpectAsync(TurningOn, TurnedOff);
        Assert.That(fixture.Provider.Machines, Is.Empty);
        Assert.That(fixture.Log.Entries.Select(entry => entry.Id), Does.Not.Contain(MachineEventIds.StartFailed));
    }

    [Test]
    public async Task A_start_that_takes_too_long_is_cancelled_and_a_late_machine_is_disposed()
    {
        FakeTimeProvider time = new();
        await using HostFixture fixture = new(timeProvider: time);
        TaskCompletionSource stuck = new();
        TaskCompletionSource calling = new();
        CancellationToken given = default;
        fixture.Provider.Starting = (_, _, token) =>
        {
            given = token;
            calling.SetResult();
            return stuck.Task;
        };
        MachineTask task = fixture.Machine.Startup(StartupOption.Normal);
        await Wait.UntilAsync(calling.Task, "the provider to be called");

        time.Advance(LifecycleLimits.Start);
        Assert.That(given.IsCancellationRequested, Is.True, "the provider is called first");
        await AdvanceUntilAsync(time, LifecycleLimits.Grace, task.Completion);

        Assert.That(task.Result, Is.EqualTo(MachineTaskResult.TimedOut));
        Assert.That(task.Error!.Error, Is.EqualTo(VirtualMachineError.TimedOut));
        Assert.That(fixture.Machine.State, Is.EqualTo(TurnedOff));
        stuck.SetResult();
        await Wait.UntilAsync(() => fixture.Provider.Machines is [{ IsDisposed: true }], "the late machine to be put away");
    }

    [Test]
    public async Task A_provider_that_hangs_is_turned_off_by_force()
    {
        FakeTimeProvider time = new();
        await using HostFixture fixture = new(timeProvider: time);
        fixture.Provider.Prepare = machine =>
            machine.Doing = (call, _) => call == "TurnOff" ? Task.Delay(Timeout.Infinite, CancellationToken.None) : Task.CompletedTask;
        FakeRunningMachine running = await fixture.StartAsync();

        MachineTask task = fixture.Machine.TurnOff();
        await AdvanceUntilAsync(time, LifecycleLimits.TurnOff, task.Completion);

        Assert.That(fixture.Machine.State, Is.EqualTo(TurnedOff));
        Assert.That(running.IsDisposed, Is.True);
        Assert.That(fixture.Log.Entries.Select(entry => entry.Id), Does.Contain(MachineEventIds.ForcedOff));
    }

    [Test]
    public async Task A_failed_save_leaves_the_machine_as_it_was_and_no_file([Values] bool paused)
    {
        await using HostFixture fixture = new();
        fixture.Provider.Prepare = machine =>
            machine.Doing = (call, _) => call == "Save" ? throw new IOException("no room", 28) : Task.CompletedTask;
        FakeRunningMachine running = await fixture.StartAsync();
        if (paused)
        {
            await fixture.Machine.PauseAsync(CancellationToken.None);
        }

        MachineTask task = fixture.Machine.Save();
        await Wait.UntilAsync(task.Completion, "the save");

        Assert.That(task.Result, Is.EqualTo(MachineTaskResult.DiskRelatedError));
        Assert.That(task.Error!.Error, Is.EqualTo(VirtualMachineError.DiskFull));
        Assert.That(fixture.Machine.State, Is.EqualTo(paused ? Paused : Running));
        Assert.That(running.IsDisposed, Is.False);
        Assert.That(
            Directory.GetFiles(fixture.Host.DefaultConfigurationPath).Select(Path.GetExtension),
            Is.EquivalentTo([".vmc", ".vmcx", ".lock"]));
    }

    [TestCase("Save")]
    [TestCase("Reset")]
    public async Task A_machine_that_dies_in_the_middle_of_an_operation_is_turned_off(string operation)
    {
        await using HostFixture fixture = new();
        TaskCompletionSource calling = new();
        fixture.Provider.Prepare = machine => machine.Doing = async (call, token) =>
        {
            if (call == operation)
            {
                calling.SetResult();

                // Ends on the very thread that cancels, which is the earliest that a provider can be.
                TaskCompletionSource given = new();
                await using CancellationTokenRegistration registration = token.Register(() => given.TrySetCanceled(token));
                await given.Task;
            }
        };
        FakeRunningMachine running = await fixture.StartAsync();
        MachineTask task = operation == "Save" ? fixture.Machine.Save() : fixture.Machine.Reset();
        await Wait.UntilAsync(calling.Task, "the provider to be called");

        running.End(MachineEndReason.Died, "killed");
        await Wait.UntilAsync(task.Completion, "the task");

        Assert.That(task.Result, Is.EqualTo(MachineTaskResult.UnexpectedError));
        Assert.That(task.Error!.Error, Is.EqualTo(VirtualMachineError.MachineNotRunning));
        Assert.That(fixture.Machine.State, Is.EqualTo(TurnedOff));
        Assert.That(fixture.Log.Entries.Count(entry => entry.Id == MachineEventIds.MachineDied), Is.EqualTo(1));
        fixture.Provider.Prepare = _ => { };
        await fixture.StartAsync();
    }

    [Test]
    public async Task A_machine_that_dies_while_it_is_being_paused_is_turned_off()
    {
        await using HostFixture fixture = new();
        TaskCompletionSource calling = new();
        fixture.Provider.Prepare = machine => machine.Doing = async (_, token) =>
        {
            calling.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        FakeRunningMachine running = await fixture.StartAsync();
        Task pausing = fixture.Machine.PauseAsync(CancellationToken.None);
        await Wait.UntilAsync(calling.Task, "the provider to be called");
        running.Doing = (_, _) => Task.CompletedTask;

        running.End(MachineEndReason.Died, "killed");

        Assert.That(async () => await pausing, Refusals.With(VirtualMachineError.MachineNotRunning));
        await fixture.WaitForAsync(TurnedOff);
    }

    [Test]
    public async Task A_failed_pause_leaves_the_machine_running_and_names_the_cause()
    {
        await using HostFixture fixture = new();
        FakeRunningMachine running = await fixture.StartAsync();
        running.Doing = (call, _) =>
            call == "Pause" ? throw new InvalidOperationException("the monitor does not answer") : Task.CompletedTask;

        Assert.That(
            async () => await fixture.Machine.PauseAsync(CancellationToken.None),
            Refusals.With(VirtualMachineError.ProviderFailed).And.Message.Contain("the monitor does not answer"));
        Assert.That(fixture.Machine.State, Is.EqualTo(Running));
    }

    [Test]
    public async Task A_machine_runs_on_after_a_cancelled_pause()
    {
        await using HostFixture fixture = new();
        FakeRunningMachine running = await fixture.StartAsync();
        running.Doing = (call, token) => call == "Pause" ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        using CancellationTokenSource cancel = new();

        Task pausing = fixture.Machine.PauseAsync(cancel.Token);
        await cancel.CancelAsync();

        Assert.That(async () => await pausing, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(fixture.Machine.State, Is.EqualTo(Running));
        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());
    }

    [Test]
    public async Task Operations_called_at_once_take_turns_and_one_of_a_kind_succeeds()
    {
        await using HostFixture fixture = new();
        await fixture.StartAsync();

        MachineTask?[] tasks = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() =>
        {
            try
            {
                return fixture.Machine.TurnOff();
            }
            catch (VirtualMachineException e) when (e.Error == VirtualMachineError.MachineNotRunning)
            {
                return null;
            }
        })));

        foreach (MachineTask task in tasks.OfType<MachineTask>())
        {
            await Wait.UntilAsync(task.Completion, task.Description);
        }

        Assert.That(tasks.Count(task => task?.Error is null && task is not null), Is.EqualTo(1));
        Assert.That(fixture.Machine.State, Is.EqualTo(TurnedOff));
    }

    [Test]
    public async Task A_turn_off_during_a_pause_waits_for_it()
    {
        await using HostFixture fixture = new();
        FakeRunningMachine running = await fixture.StartAsync();
        TaskCompletionSource go = new();
        running.Doing = (call, _) => call == "Pause" ? go.Task : Task.CompletedTask;
        Task pausing = fixture.Machine.PauseAsync(CancellationToken.None);

        MachineTask off = fixture.Machine.TurnOff();
        Assert.That(fixture.Machine.State, Is.EqualTo(Running));
        go.SetResult();
        await Wait.UntilAsync(pausing, "the pause");
        await HostFixture.SucceedAsync(off);

        Assert.That(string.Join(' ', running.Calls), Is.EqualTo("Pause TurnOff Dispose"));
    }

    [Test]
    public async Task An_unknown_provider_is_refused_at_once_and_named()
    {
        await using HostFixture fixture = new();
        fixture.Machine.ConfigurationValues.SetValue("integration/vpccomapi/provider", "hyper-v");

        Assert.That(
            () => fixture.Machine.Startup(StartupOption.Normal),
            Refusals.With(VirtualMachineError.ProviderFailed).And.Message.Contain("'hyper-v'").And.Message.Contain("fake"));
        Assert.That(fixture.Machine.State, Is.EqualTo(TurnedOff));
        fixture.Machine.ConfigurationValues.SetValue("integration/vpccomapi/provider", "FAKE");
        await fixture.StartAsync();
    }

    [Test]
    public async Task An_unknown_startup_option_is_refused()
    {
        await using HostFixture fixture = new();

        Assert.That(() => fixture.Machine.Startup((StartupOption)2), Refusals.With(VirtualMachineError.InvalidArgument));
    }

    [Test]
    public async Task A_machine_whose_undo_disks_are_to_be_discarded_is_not_saved()
    {
        await using HostFixture fixture = new();
        fixture.Machine.Undoable = true;
        fixture.Machine.UndoAction = UndoAction.Discard;
        await fixture.StartAsync();

        Assert.That(fixture.Machine.Save, Refusals.With(VirtualMachineError.NotPossibleNow));
        Assert.That(fixture.Machine.State, Is.EqualTo(Running));
    }

    [Test]
    public async Task Waiting_for_the_channels_begins_while_the_machine_turns_on_and_fails_when_it_ends()
    {
        await using HostFixture fixture = new();
        Assert.That(
            async () => await fixture.Machine.WaitForChannelReadyAsync(CancellationToken.None), Refusals.With(
                VirtualMachineError.MachineNotRunning));
        TaskCompletionSource go = new();
        fixture.Provider.Starting = (_, _, _) => go.Task;
        MachineTask starting = fixture.Machine.Startup(StartupOption.Normal);

        Task ready = fixture.Machine.WaitForChannelReadyAsync(CancellationToken.None);
        go.SetResult();
        await HostFixture.SucceedAsync(starting);
        Assert.That(ready.IsCompleted, Is.False);
        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());

        Assert.That(async () => await Wait.UntilAsync(ready, "the wait to end"), Refusals.With(VirtualMachineError.MachineNotRunning));
    }

    [Test]
    public async Task A_saved_state_that_cannot_be_used_leaves_the_machine_saved()
    {
        await using HostFixture fixture = new();
        await fixture.StartAsync();
        await HostFixture.SucceedAsync(fixture.Machine.Save());
        fixture.Provider.Starting = (_, _, _) =>
            throw new VirtualMachineException(VirtualMachineError.SavedStateBadVersion, "It was saved by another version.");

        MachineTask task = fixture.Machine.Startup(StartupOption.Normal);
        await Wait.UntilAsync(task.Completion, "the start");

        Assert.That(task.Result, Is.EqualTo(MachineTaskResult.IncompatibleSavedState));
        Assert.That(fixture.Machine.State, Is.EqualTo(Saved));
        Assert.That(fixture.Machine.SavedStateFile, Does.Exist);
    }

    /// <summary>
    /// Lets time pass until something has happened. A timer may be made only after time has been advanced for the first time.
    /// </summary>
    private static Task AdvanceUntilAsync(FakeTimeProvider time, TimeSpan step, Task happened) => Wait.UntilAsync(
        () =>
        {
            if (!happened.IsCompleted)
            {
                time.Advance(step);
            }

            return happened.IsCompleted;
        },
        "the limit to take effect");
}
