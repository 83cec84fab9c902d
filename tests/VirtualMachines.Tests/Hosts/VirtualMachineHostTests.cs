using Microsoft.Extensions.Time.Testing;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;
using VpcComApi.VirtualMachines.Tests.Machines;

namespace VpcComApi.VirtualMachines.Tests.Hosts;

/// <summary>The application: its facts, its preferences, whether it is busy, and its end.</summary>
[TestFixture]
internal sealed class VirtualMachineHostTests
{
    [Test]
    public async Task Name_version_and_up_time_have_the_contracts_form()
    {
        FakeTimeProvider time = new();
        await using HostFixture fixture = new(timeProvider: time);

        time.Advance(TimeSpan.FromSeconds(61));

        Assert.That(fixture.Host.Name, Is.EqualTo("Windows Virtual PC"));
        Assert.That(fixture.Host.Version, Does.Match(@"^\d+\.\d+\.\d+\.\dEE$"));
        Assert.That(fixture.Host.UpTime, Is.EqualTo(TimeSpan.FromSeconds(61)));
    }

    [TestCase(null, 30)]
    [TestCase(5, 5)]
    [TestCase(0, 1)]
    [TestCase(-1, 1)]
    [TestCase(1_000_000, 86_400)]
    [TestCase("soon", 30)]
    public async Task The_idle_time_is_a_preference_within_limits(object? preference, int seconds)
    {
        await using HostFixture fixture = new();
        if (preference is null)
        {
            Assert.That(fixture.Host.Preferences.GetValue("idle_timeout"), Is.EqualTo(30));
            fixture.Host.Preferences.RemoveValue("idle_timeout");
        }
        else
        {
            fixture.Host.Preferences.SetValue("idle_timeout", preference);
        }

        Assert.That(fixture.Host.IdleTimeout, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [Test]
    public async Task Preferences_persist_and_a_missing_argument_is_distinguished_from_a_bad_one()
    {
        using TestDirectory folder = new();
        await using (HostFixture first = new(folder.FullPath))
        {
            first.Host.Preferences.SetValue("customer/key", new byte[] { 1, 2 });
            Assert.That(() => first.Host.Preferences.GetValue(null), Refusals.With(VirtualMachineError.MissingArgument));
            Assert.That(() => first.Host.Preferences.SetValue("a", null), Refusals.With(VirtualMachineError.MissingArgument));
            Assert.That(() => first.Host.Preferences.GetValue(string.Empty), Refusals.With(VirtualMachineError.InvalidArgument));
            Assert.That(() => first.Host.Preferences.GetValue("none"), Refusals.With(VirtualMachineError.ValueNotFound));
        }

        await using HostFixture second = new(folder.FullPath);

        Assert.That(second.Host.Preferences.GetValue("customer/key"), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(second.Host.Preferences.GetValue("default_vm"), Is.EqualTo(VirtualMachineHost.FirstMachineName));
        Assert.That(folder.PathOf("Options.xml"), Does.Exist);
    }

    [Test]
    public async Task Damaged_preferences_are_renamed_and_created_again()
    {
        using TestDirectory folder = new();
        folder.WriteText("Options.xml", "<preferences><broken>");

        await using HostFixture fixture = new(folder.FullPath);

        Assert.That(fixture.Host.IdleTimeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(File.ReadAllText(folder.PathOf("Options.xml.damaged")), Is.EqualTo("<preferences><broken>"));
        Assert.That(fixture.Log.Entries.Select(entry => entry.Id), Does.Contain(MachineEventIds.PreferencesDamaged));
    }

    [Test]
    public async Task The_folder_of_new_machines_is_a_preference_and_must_be_there()
    {
        await using HostFixture fixture = new();
        VirtualMachineHost host = fixture.Host;
        Assert.That(
            host.DefaultConfigurationPath, Is.EqualTo(Path.Combine(fixture.Folder, "Virtual Machines") + Path.DirectorySeparatorChar));

        string mine = Path.Combine(fixture.Folder, "mine");
        Assert.That(() => host.DefaultConfigurationPath = mine, Refusals.With(VirtualMachineError.FileNotFound));
        Assert.That(() => host.DefaultConfigurationPath = Path.Combine(mine, "below"), Refusals.With(VirtualMachineError.PathNotFound));
        Assert.That(() => host.DefaultConfigurationPath = "relative", Refusals.With(VirtualMachineError.BadPathName));
        Assert.That(() => host.DefaultConfigurationPath = mine + "*", Refusals.With(VirtualMachineError.InvalidPathName));
        Assert.That(() => host.DefaultConfigurationPath = null!, Refusals.With(VirtualMachineError.MissingArgument));

        Directory.CreateDirectory(mine);
        host.DefaultConfigurationPath = mine + Path.DirectorySeparatorChar;
        Assert.That(host.DefaultConfigurationPath, Is.EqualTo(mine + Path.DirectorySeparatorChar));
    }

    [Test]
    public async Task It_is_busy_while_a_machine_is_powered_up_and_reports_when_that_changes()
    {
        await using HostFixture fixture = new();
        TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool wasBusy = false;
        fixture.Host.BusyChanged += (_, _) =>
        {
            wasBusy |= fixture.Host.IsBusy;
            if (wasBusy && !fixture.Host.IsBusy)
            {
                idle.TrySetResult();
            }
        };
        Assert.That(fixture.Host.IsBusy, Is.False);

        await fixture.StartAsync();
        Assert.That(fixture.Host.IsBusy, Is.True);
        await fixture.Machine.PauseAsync(CancellationToken.None);
        Assert.That(fixture.Host.IsBusy, Is.True);
        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());

        await Wait.UntilAsync(idle.Task, "the application to be idle");
        Assert.That(fixture.Host.IsBusy, Is.False);
    }

    [Test]
    public async Task All_machines_report_their_states_through_the_application()
    {
        await using HostFixture fixture = new();
        List<string> told = [];
        fixture.Host.MachineStateChanged += (_, e) => told.Add($"{e.Machine.Name}: {e.State}");

        await fixture.StartAsync();
        await Wait.UntilAsync(fixture.Machine.Parts.Context.Events.DrainAsync(), "the events");

        Assert.That(told, Is.EqualTo(["Windows XP Mode: TurningOn", "Windows XP Mode: Running"]));
    }

    [Test]
    public async Task A_failing_handler_costs_nobody_an_event()
    {
        await using HostFixture fixture = new();
        using StateRecorder states = new(fixture.Machine);
        fixture.Host.MachineStateChanged += (_, _) => throw new InvalidOperationException("a bad handler");

        await fixture.StartAsync();

        await states.ExpectAsync(MachineState.TurningOn, MachineState.Running);
        Assert.That(fixture.Log.Entries.Select(entry => entry.Id), Does.Contain(MachineEventIds.HandlerFailed));
    }

    [Test]
    public async Task A_hanging_handler_holds_up_no_operation()
    {
        await using HostFixture fixture = new();
        using ManualResetEventSlim release = new();
        EventHandler<MachineStateChangedEventArgs> hang = (_, _) => release.Wait(Wait.DefaultLimit);
        fixture.Machine.StateChanged += hang;

        await fixture.StartAsync();
        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());

        Assert.That(fixture.Machine.State, Is.EqualTo(MachineState.TurnedOff));
        release.Set();
        await Wait.UntilAsync(fixture.Machine.Parts.Context.Events.DrainAsync(), "the events");
    }

    [TestCase(ShutdownAction.Save, MachineState.Saved)]
    [TestCase(ShutdownAction.TurnOff, MachineState.TurnedOff)]
    [TestCase(ShutdownAction.Shutdown, MachineState.Saved, Description = "without components in the guest it is saved")]
    public async Task At_its_end_a_running_machine_gets_what_it_is_set_to(ShutdownAction action, MachineState expected)
    {
        await using HostFixture fixture = new();
        fixture.Machine.ShutdownActionOnQuit = action;
        FakeRunningMachine running = await fixture.StartAsync();

        await fixture.Host.DisposeAsync();

        Assert.That(fixture.Machine.State, Is.EqualTo(expected));
        Assert.That(running.IsDisposed, Is.True);
        Assert.That(fixture.Log.Entries[^1].Id, Is.EqualTo(MachineEventIds.ApplicationStopped));
    }

    [Test]
    public async Task A_machine_that_cannot_be_saved_at_the_end_is_turned_off()
    {
        await using HostFixture fixture = new();
        fixture.Provider.Prepare = machine =>
            machine.Doing = (call, _) => call == "Save" ? throw new IOException("no room", 28) : Task.CompletedTask;
        FakeRunningMachine running = await fixture.StartAsync();

        await fixture.Host.DisposeAsync();

        Assert.That(fixture.Machine.State, Is.EqualTo(MachineState.TurnedOff));
        Assert.That(running.IsDisposed, Is.True);
    }

    [Test]
    public async Task A_machine_whose_provider_cannot_save_it_is_turned_off_at_the_end()
    {
        await using HostFixture fixture = new();
        fixture.Machine.ShutdownActionOnQuit = ShutdownAction.Save;
        fixture.Provider.Prepare = machine => machine.CanSave = false;
        FakeRunningMachine running = await fixture.StartAsync();

        await fixture.Host.DisposeAsync();

        Assert.That(fixture.Machine.State, Is.EqualTo(MachineState.TurnedOff));
        Assert.That(running.Calls, Is.EqualTo(["TurnOff", "Dispose"]));
    }

    [Test]
    public async Task The_provider_is_disposed_once_after_its_machines_have_ended()
    {
        await using HostFixture fixture = new();
        await fixture.StartAsync();

        await fixture.Host.DisposeAsync();
        await fixture.Host.DisposeAsync();

        Assert.That(fixture.Provider.Disposals, Is.EqualTo([0]));
    }

    [Test]
    public async Task A_provider_that_cannot_be_disposed_does_not_keep_the_application_from_ending()
    {
        await using HostFixture fixture = new();
        fixture.Provider.Disposing = () => throw new IOException("a socket stays");

        await fixture.Host.DisposeAsync();

        LogEntry entry = fixture.Log.Entries.Single(entry => entry.Id == MachineEventIds.ProviderNotReleased);
        Assert.That(entry.Text, Does.Contain("'fake'").And.Contain("a socket stays"));
    }

    [Test]
    public async Task A_provider_that_does_not_return_from_its_disposal_does_not_keep_the_application_from_ending()
    {
        FakeTimeProvider time = new();
        await using HostFixture fixture = new(timeProvider: time);
        TaskCompletionSource begun = new();
        fixture.Provider.Disposing = () =>
        {
            begun.SetResult();
            return new TaskCompletionSource().Task;
        };

        Task closing = fixture.Host.DisposeAsync().AsTask();
        await Wait.UntilAsync(begun.Task, "the disposal to begin");
        await Wait.UntilAsync(
            () =>
            {
                time.Advance(LifecycleLimits.ReleaseProvider);
                return closing.IsCompleted;
            },
            "the end of the application");

        Assert.That(fixture.Log.Entries.Select(entry => entry.Id), Has.Exactly(1).EqualTo(MachineEventIds.ProviderNotReleased));
    }

    [TestCase(ShutdownAction.Save)]
    [TestCase(ShutdownAction.TurnOff)]
    [TestCase(ShutdownAction.Shutdown)]
    public async Task A_guest_that_is_shutting_down_already_can_end(ShutdownAction action)
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        machine.ShutdownActionOnQuit = action;
        FakeRunningMachine running = await fixture.StartAsync();
        Assert.That(machine.Parts.Power.Session!.End.TryBegin(), Is.True);

        Task closing = fixture.Host.DisposeAsync().AsTask();
        running.End(MachineEndReason.GuestPoweredOff, "the guest has powered off");
        await Wait.UntilAsync(closing, "the end of the application");

        Assert.That(machine.State, Is.EqualTo(MachineState.TurnedOff));
        Assert.That(running.Calls, Is.EqualTo(["Dispose"]));
    }

    [Test]
    public async Task A_start_under_way_is_cancelled_at_the_end_and_new_ones_are_refused()
    {
        await using HostFixture fixture = new();
        fixture.Provider.Starting = (_, _, token) => Task.Delay(Timeout.Infinite, token);
        MachineTask starting = fixture.Machine.Startup(StartupOption.Normal);

        await fixture.Host.DisposeAsync();

        Assert.That(starting.Result, Is.EqualTo(MachineTaskResult.Cancelled));
        Assert.That(fixture.Machine.State, Is.EqualTo(MachineState.TurnedOff));
        Assert.That(() => fixture.Machine.Startup(StartupOption.Normal), Refusals.With(VirtualMachineError.ApplicationShuttingDown));
        Assert.That(
            () => fixture.Host.CreateVirtualMachine("M", fixture.Folder), Refusals.With(VirtualMachineError.ApplicationShuttingDown));
    }
}
