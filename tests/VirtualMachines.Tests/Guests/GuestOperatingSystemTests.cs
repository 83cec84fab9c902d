using Microsoft.Extensions.Time.Testing;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;
using VpcComApi.VpcBus.Integration;
using static VpcComApi.VirtualMachines.VirtualMachineError;

namespace VpcComApi.VirtualMachines.Tests.Guests;

/// <summary>What callers get of a guest's system, by the machine's state and by what the guest answers.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class GuestOperatingSystemTests : IAsyncDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly TestDirectory media = new();
    private readonly SessionFixture fixture;
    private readonly Owner owner;
    private readonly GuestOperatingSystem system;

    public GuestOperatingSystemTests()
    {
        fixture = new SessionFixture(timeProvider: clock);
        owner = new Owner { GuestSession = fixture.Session, IntegrationMediaFolder = media.FullPath };
        system = new GuestOperatingSystem(owner);
    }

    private static IEnumerable<TestCaseData<Func<GuestOperatingSystem, object?>>> Readings()
    {
        yield return new(system => system.HeartbeatPercentage) { TestName = "{m}: HeartbeatPercentage" };
        yield return new(system => system.IsHeartbeating) { TestName = "{m}: IsHeartbeating" };
        yield return new(system => system.Facts) { TestName = "{m}: Facts" };
        yield return new(system => system.Shutdown(false)) { TestName = "{m}: Shutdown" };
        yield return new(system => system.Restart(false)) { TestName = "{m}: Restart" };
        yield return new(system => system.Logoff()) { TestName = "{m}: Logoff" };
        yield return new(system => system.GetParameterAsync("a", default).GetAwaiter().GetResult()) { TestName = "{m}: GetParameter" };
        yield return new(system => system.IsUserLoggedOnAsync(0, default).GetAwaiter().GetResult()) { TestName = "{m}: IsUserLoggedOn" };
        yield return new(system => system.GetIntegrationDevicesAsync(default).GetAwaiter().GetResult()) { TestName = "{m}: Devices" };
    }

    [TestCaseSource(nameof(Readings))]
    public void A_machine_that_is_off_has_no_guest_to_ask(Func<GuestOperatingSystem, object?> read)
    {
        owner.State = MachineState.TurnedOff;
        Assert.That(ErrorOf(() => read(system)), Is.EqualTo(MachineNotRunning));

        owner.State = MachineState.Saved;
        Assert.That(ErrorOf(() => read(system)), Is.EqualTo(MachineNotRunning));
    }

    [TestCaseSource(nameof(Readings))]
    public void A_machine_that_is_not_registered_any_more_is_unknown(Func<GuestOperatingSystem, object?> read)
    {
        owner.IsRegistered = false;

        Assert.That(ErrorOf(() => read(system)), Is.EqualTo(MachineUnknown));
    }

    [TestCaseSource(nameof(Readings))]
    public void A_guest_whose_service_is_not_up_is_not_available(Func<GuestOperatingSystem, object?> read) => Assert.That(
        ErrorOf(() => read(system)), Is.EqualTo(IntegrationFeatureNotAvailable).Or.EqualTo(IntegrationComponentsNotAvailable));

    [Test]
    public async Task A_paused_guest_is_not_asked_but_can_be_read()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        owner.State = MachineState.Paused;

        Assert.That(await ErrorOfAsync(system.GetParameterAsync("a", default)), Is.EqualTo(MachinePaused));
        Assert.That(await ErrorOfAsync(system.SetParameterAsync("a", "b", default)), Is.EqualTo(MachinePaused));
        Assert.That(await ErrorOfAsync(system.IsUserLoggedOnAsync(1, default)), Is.EqualTo(MachinePaused));
        Assert.That(system.Facts.OSName, Is.EqualTo("Windows XP Professional"));
        Assert.That(system.IsHeartbeating, Is.True);
    }

    [Test]
    public void The_heart_of_a_guest_that_has_not_booted_far_enough_has_its_own_error() =>
        Assert.That(ErrorOf(() => _ = system.IsHeartbeating), Is.EqualTo(IntegrationComponentsNotAvailable));

    [Test]
    public async Task CanShutdown_is_null_when_off_and_follows_the_guest_service()
    {
        owner.State = MachineState.TurnedOff;
        Assert.That(system.CanShutdown, Is.Null);
        owner.State = MachineState.Running;
        Assert.That(system.CanShutdown, Is.False);

        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        Assert.That(system.CanShutdown, Is.True);
    }

    [Test]
    public async Task The_version_of_the_components_is_known_while_the_machine_is_off_once_they_were_seen()
    {
        Assert.That(ErrorOf(() => _ = system.IntegrationComponentsVersion), Is.EqualTo(IntegrationComponentsNotAvailable));
        owner.SetValue("integration/vpccomapi/components_version", "1.0");
        Assert.That(system.IntegrationComponentsVersion, Is.EqualTo("1.0"));

        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        Assert.That(system.IntegrationComponentsVersion, Is.EqualTo("1.2.3"));
    }

    [Test]
    public async Task Components_that_are_being_removed_have_no_version_although_they_answer_for_a_moment_yet()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        await Wait.UntilAsync(() => fixture.ComponentsVersion is not null, "the version");
        await guest.Integration.SendAsync(new ComponentsRemoved());
        await Wait.UntilAsync(() => fixture.ComponentsVersion is null, "the message");

        Assert.That(ErrorOf(() => _ = system.IntegrationComponentsVersion), Is.EqualTo(IntegrationComponentsNotAvailable));
        Assert.That(system.Facts.OSName, Is.EqualTo("Windows XP Professional"));
    }

    [TestCase("1.2.3", false, TestName = "A guest whose components are as new as the disc gets none")]
    [TestCase("1.2.2", false, TestName = "A guest whose components are newer than the disc gets none")]
    [TestCase("1.10.0", true, TestName = "A guest whose components are older than the disc gets it")]
    public async Task A_guest_gets_newer_components(string version, bool isInserted)
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        media.WriteText($"vmsrvc-{version}.iso", "a disc");

        system.InstallIntegrationComponents();

        Assert.That(owner.Inserted?.Version.ToString(), Is.EqualTo(isInserted ? version : null));
    }

    [Test]
    public async Task A_guest_whose_components_are_being_removed_gets_them_again()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        media.WriteText("vmsrvc-1.2.3.iso", "a disc");
        await Wait.UntilAsync(() => fixture.ComponentsVersion is not null, "the version");
        await guest.Integration.SendAsync(new ComponentsRemoved());
        await Wait.UntilAsync(() => fixture.ComponentsVersion is null, "the message");

        system.InstallIntegrationComponents();

        Assert.That(owner.Inserted?.Path, Is.EqualTo(media.PathOf("vmsrvc-1.2.3.iso")));
    }

    [Test]
    public void A_guest_without_components_gets_the_newest_disc_by_version_whatever_else_lies_there()
    {
        foreach (string name in (string[])
            [
                "vmsrvc-1.9.0.iso", "vmsrvc-1.10.0.iso", "vmsrvc-.iso", "vmsrvc-newest.iso", "other-9.0.0.iso", "vmsrvc-2.0.0.vhd",
            ])
        {
            media.WriteText(name, "a disc");
        }

        system.InstallIntegrationComponents();

        Assert.That(owner.Inserted?.Path, Is.EqualTo(media.PathOf("vmsrvc-1.10.0.iso")));
    }

    [Test]
    public void Without_a_disc_or_while_the_machine_is_off_nothing_is_installed()
    {
        Assert.That(ErrorOf(system.InstallIntegrationComponents), Is.EqualTo(VirtualMachineError.FileNotFound));

        media.WriteText("vmsrvc-1.2.3.iso", "a disc");
        owner.State = MachineState.TurnedOff;
        Assert.That(ErrorOf(system.InstallIntegrationComponents), Is.EqualTo(MachineNotRunning));
        Assert.That(owner.Inserted, Is.Null);
    }

    [Test]
    public void The_clock_follows_the_host_unless_that_was_disabled_while_the_machine_was_off()
    {
        Assert.That(system.IsHostTimeSyncEnabled, Is.True);
        Assert.That(ErrorOf(() => system.IsHostTimeSyncEnabled = false), Is.EqualTo(SettingLockedWhileActive));

        owner.State = MachineState.TurnedOff;
        system.IsHostTimeSyncEnabled = false;
        Assert.That(system.IsHostTimeSyncEnabled, Is.False);
    }

    [Test]
    public async Task A_shutdown_is_asked_for_and_its_task_ends_when_the_machine_is_off()
    {
        await using (ScriptedGuest guest = await fixture.ComeUpAsync())
        {
            system.Shutdown(forced: true);
            Request request = await guest.ReceiveRequestAsync();
            Assert.That(request.Operation, Is.EqualTo(IntegrationOperations.Shutdown));
            Assert.That(request.IsSet(IntegrationOperations.ForcedArgument), Is.True);
            Assert.That(request.IsSet(IntegrationOperations.RestartArgument), Is.False);
            await AnswerAsync(guest, request);
        }

        await fixture.WaitForUnreadyAsync();
        Assert.That(owner.Work!.IsCompleted, Is.False, "the guest has disconnected, the machine is still running");
        owner.Off.SetResult(MachineState.TurnedOff);
        await Wait.UntilAsync(owner.Work, "the task to end");
    }

    [Test]
    public async Task A_guest_that_comes_up_again_has_aborted_its_shutdown()
    {
        await using (ScriptedGuest guest = await fixture.ComeUpAsync())
        {
            system.Shutdown(forced: true);
            await AnswerAsync(guest, await guest.ReceiveRequestAsync());
        }

        await fixture.WaitForUnreadyAsync();
        Task<ScriptedGuest> comingUp = fixture.ComeUpAsync();
        await Wait.UntilAsync(
            () =>
            {
                // The session pauses before it listens again, and it may not have begun to yet.
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return comingUp.IsCompleted;
            },
            "the guest to come up again");
        await using ScriptedGuest again = await comingUp;

        Assert.That(await ErrorOfAsync(owner.Work!), Is.EqualTo(ShutdownAborted));
    }

    [Test]
    public async Task A_machine_that_is_saved_instead_has_aborted_its_shutdown()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        system.Shutdown(forced: true);
        await guest.Integration.SendAsync(new Response((await guest.ReceiveRequestAsync()).Id));

        owner.Off.SetResult(MachineState.Saved);

        Assert.That(await ErrorOfAsync(owner.Work!), Is.EqualTo(ShutdownAborted));
    }

    [Test]
    public async Task A_guest_that_begins_to_shut_down_and_never_ends_is_waited_for_ten_minutes()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        system.Shutdown(forced: true);
        await guest.Integration.SendAsync(new Response((await guest.ReceiveRequestAsync()).Id));

        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                return owner.Work!.IsCompleted;
            },
            "the task to end");

        Assert.That(await ErrorOfAsync(owner.Work!), Is.EqualTo(TimedOut));
    }

    [Test]
    public async Task A_parameter_is_written_and_read()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        Task writing = system.SetParameterAsync("Colour", "blue", default);
        Request write = await guest.ReceiveRequestAsync();
        Assert.That(write.Argument(IntegrationOperations.NameArgument), Is.EqualTo("Colour"));
        Assert.That(write.Argument(IntegrationOperations.ValueArgument), Is.EqualTo("blue"));
        await guest.Integration.SendAsync(new Response(write.Id));
        await Wait.UntilAsync(writing, "the answer");

        Task<string> reading = system.GetParameterAsync("Colour", default);
        Request read = await guest.ReceiveRequestAsync();
        await guest.Integration.SendAsync(new Response(read.Id, Value: "blue"));
        Assert.That(await Wait.UntilAsync(reading, "the answer"), Is.EqualTo("blue"));

        Task<string> missing = system.GetParameterAsync("Shape", default);
        await guest.Integration.SendAsync(new Response((await guest.ReceiveRequestAsync()).Id));
        Assert.That(await Wait.UntilAsync(missing, "the answer"), Is.Empty);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(@"a\b")]
    public async Task A_parameters_name_has_at_least_one_character_and_no_backslash(string? name)
    {
        Assert.That(await ErrorOfAsync(system.GetParameterAsync(name, default)), Is.EqualTo(InvalidArgument));
        Assert.That(await ErrorOfAsync(system.SetParameterAsync(name, "b", default)), Is.EqualTo(InvalidArgument));
    }

    [Test]
    public async Task A_parameters_name_has_at_most_255_characters_and_its_value_fits_one_message()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        Assert.That(await ErrorOfAsync(system.GetParameterAsync(new string('n', 256), default)), Is.EqualTo(InvalidArgument));
        Assert.That(await ErrorOfAsync(system.SetParameterAsync("a", new string('v', 70_000), default)), Is.EqualTo(InvalidArgument));

        Task<string> longest = system.GetParameterAsync(new string('n', 255), default);
        await guest.Integration.SendAsync(new Response((await guest.ReceiveRequestAsync()).Id, Value: "found"));
        Assert.That(await Wait.UntilAsync(longest, "the answer"), Is.EqualTo("found"));
    }

    [TestCase(0, "0", "true", true)]
    [TestCase(1, "1", "false", false)]
    public async Task A_session_is_asked_for(int session, string argument, string answer, bool expected)
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        Task<bool> asking = system.IsUserLoggedOnAsync(session, default);
        Request request = await guest.ReceiveRequestAsync();
        Assert.That(request.Argument(IntegrationOperations.SessionArgument), Is.EqualTo(argument));
        await guest.Integration.SendAsync(new Response(request.Id, Value: answer));

        Assert.That(await Wait.UntilAsync(asking, "the answer"), Is.EqualTo(expected));
    }

    [TestCase(-1)]
    [TestCase(2)]
    public async Task There_are_two_kinds_of_sessions(int session) =>
        Assert.That(await ErrorOfAsync(system.IsUserLoggedOnAsync(session, default)), Is.EqualTo(InvalidArgument));

    [Test]
    public async Task Each_bus_channel_is_an_integration_device()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        Task<IReadOnlyList<VirtualMachines.Guests.IntegrationDevice>> asking = system.GetIntegrationDevicesAsync(default);
        Request request = await guest.ReceiveRequestAsync();
        string devices = IntegrationCodec.EncodeDevices([new(4, "tcp:6174", "receiving", 12), new(5, "tcp:6174", "sending", 0)]);
        await guest.Integration.SendAsync(new Response(request.Id, Value: devices));

        Assert.That(await Wait.UntilAsync(asking, "the answer"), Is.EqualTo(
            new VirtualMachines.Guests.IntegrationDevice[]
            {
                new("Virtual PC Integration Device", 4, "tcp:6174", "host to guest"),
                new("Virtual PC Integration Device", 5, "tcp:6174", "guest to host"),
            }));
    }

    [Test]
    public async Task A_list_of_devices_that_cannot_be_read_is_an_error_of_the_guest_alone()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        Task<IReadOnlyList<VirtualMachines.Guests.IntegrationDevice>> asking = system.GetIntegrationDevicesAsync(default);
        await guest.Integration.SendAsync(new Response((await guest.ReceiveRequestAsync()).Id, Value: "[{]"));

        Assert.That(await ErrorOfAsync(asking), Is.EqualTo(Unexpected));
        Assert.That(fixture.Session.IsReady, Is.True);
    }

    [Test]
    public async Task A_guest_that_does_not_answer_in_time_has_timed_out()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        Task<string> asking = system.GetParameterAsync("a", default);
        await guest.ReceiveRequestAsync();
        clock.Advance(GuestRequests.Limit);

        Assert.That(await ErrorOfAsync(asking), Is.EqualTo(TimedOut));
    }

    [Test]
    public async Task A_guest_that_goes_before_it_answers_is_not_waited_for()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        Task<string> asking = system.GetParameterAsync("a", default);
        await guest.ReceiveRequestAsync();
        await guest.PullPlugAsync();

        Assert.That(await ErrorOfAsync(asking), Is.EqualTo(IntegrationFeatureNotAvailable));
    }

    [Test]
    public async Task A_feature_that_the_guest_lacks_is_refused_without_asking()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync(ScriptedGuest.Facts with { Capabilities = [] });

        Assert.That(ErrorOf(() => system.Shutdown(false)), Is.EqualTo(IntegrationFeatureNotAvailable));
        Assert.That(await ErrorOfAsync(system.GetParameterAsync("a", default)), Is.EqualTo(IntegrationFeatureNotAvailable));
        Assert.That(system.CanShutdown, Is.False);
    }

    [Test]
    public async Task Answers_that_nobody_waits_for_do_no_harm()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        await guest.Integration.SendAsync(new Response(12345, Value: "made up"));

        Task<string> asking = system.GetParameterAsync("a", default);
        Request request = await guest.ReceiveRequestAsync();
        await guest.Integration.SendAsync(new Response(request.Id, Value: "first"));
        await guest.Integration.SendAsync(new Response(request.Id, Value: "second"));

        Assert.That(await Wait.UntilAsync(asking, "the answer"), Is.EqualTo("first"));
        Assert.That(fixture.Session.IsReady, Is.True);
    }

    public async ValueTask DisposeAsync()
    {
        await fixture.DisposeAsync();
        media.Dispose();
    }

    /// <summary>Answers a request, and waits until the host has the answer: a guest may disconnect after it.</summary>
    private async Task AnswerAsync(ScriptedGuest guest, Request request)
    {
        await guest.Integration.SendAsync(new Response(request.Id));
        await guest.Integration.SendAsync(ScriptedGuest.Facts with { ComputerName = "GOING" });
        await Wait.UntilAsync(() => fixture.Session.Connection?.Facts.ComputerName == "GOING", "the answer to arrive");
    }

    private static VirtualMachineError? ErrorOf(Action action) => Assert.Throws<VirtualMachineException>(action)?.Error;

    private static async Task<VirtualMachineError?> ErrorOfAsync(Task task) =>
        (await Assert.ThrowsAsync<VirtualMachineException>(() => Wait.UntilAsync(task, "the refusal")))?.Error;

    private sealed class Owner : IMachineAccess, IValueStore
    {
        private readonly Dictionary<string, object> values = [];

        public string Name => "XP";

        public MachineState State { get; set; } = MachineState.Running;

        public IRunningMachine? RunningMachine => null;

        public TimeProvider TimeProvider => TimeProvider.System;

        public GuestSession? GuestSession { get; init; }

        public bool IsRegistered { get; set; } = true;

        public IValueStore ConfigurationValues => this;

        public Task? Work { get; private set; }

        public TaskCompletionSource<MachineState> Off { get; } = new();

        public Task<MachineState> RunEnded => Off.Task;

        public required string IntegrationMediaFolder { get; init; }

        public IntegrationDisc? Inserted { get; private set; }

        public void InsertIntegrationDisc(IntegrationDisc disc) => Inserted = disc;

        public void RequireRegistered()
        {
            if (!IsRegistered)
            {
                throw new VirtualMachineException(MachineUnknown, "The machine is no longer registered.");
            }
        }

        public MachineTask StartTask(string description, Func<CancellationToken, Task> work)
        {
            Work = work(CancellationToken.None);
            return new MachineTask(1, description, cancelable: false);
        }

        public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out object? value) =>
            values.TryGetValue(key, out value);

        public object GetValue(string? key) => values[key!];

        public void SetValue(string? key, object? value) => values[key!] = value!;

        public void RemoveValue(string? key) => values.Remove(key!);
    }
}
