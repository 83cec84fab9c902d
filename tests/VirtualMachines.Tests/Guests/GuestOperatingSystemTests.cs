using Microsoft.Extensions.Time.Testing;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Guests;
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
    private readonly SessionFixture fixture;
    private readonly Owner owner;
    private readonly GuestOperatingSystem system;

    public GuestOperatingSystemTests()
    {
        fixture = new SessionFixture(timeProvider: clock);
        owner = new Owner { GuestSession = fixture.Session };
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
    public void The_clock_follows_the_host_unless_told_otherwise_while_the_machine_is_off()
    {
        Assert.That(system.IsHostTimeSyncEnabled, Is.True);
        Assert.That(ErrorOf(() => system.IsHostTimeSyncEnabled = false), Is.EqualTo(SettingLockedWhileActive));

        owner.State = MachineState.TurnedOff;
        system.IsHostTimeSyncEnabled = false;
        Assert.That(system.IsHostTimeSyncEnabled, Is.False);
    }

    [Test]
    public async Task A_shutdown_is_asked_for_and_its_task_ends_with_the_guests_answer()
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        system.Shutdown(forced: true);
        Request request = await guest.ReceiveRequestAsync();
        Assert.That(request.Operation, Is.EqualTo(IntegrationOperations.Shutdown));
        Assert.That(request.IsSet(IntegrationOperations.ForcedArgument), Is.True);
        Assert.That(request.IsSet(IntegrationOperations.RestartArgument), Is.False);
        Assert.That(owner.Work!.IsCompleted, Is.False);

        await guest.Integration.SendAsync(new Response(request.Id));
        await Wait.UntilAsync(owner.Work, "the task to end");
    }

    [TestCase(IntegrationErrors.AccessDenied, AccessDenied)]
    [TestCase(IntegrationErrors.MachineLocked, GuestLocked)]
    [TestCase(IntegrationErrors.NotReady, ChannelNotReady)]
    [TestCase(IntegrationErrors.ShutdownInProgress, ShutdownInProgress)]
    [TestCase(IntegrationErrors.NoLogonSession, NobodyLoggedOn)]
    [TestCase(IntegrationErrors.NotSupported, IntegrationFeatureNotAvailable)]
    [TestCase(IntegrationErrors.InvalidArgument, InvalidArgument)]
    [TestCase(IntegrationErrors.Failed, Unexpected)]
    [TestCase("something that nobody knows", Unexpected)]
    public async Task A_guests_refusal_has_its_documented_error(string refusal, VirtualMachineError error)
    {
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        system.Logoff();
        Request request = await guest.ReceiveRequestAsync();
        await guest.Integration.SendAsync(new Response(request.Id, refusal, Message: "the guest's own words"));

        VirtualMachineException? failure =
            await Assert.ThrowsAsync<VirtualMachineException>(() => Wait.UntilAsync(owner.Work!, "the task to end"));
        Assert.That(failure!.Error, Is.EqualTo(error));
        Assert.That(failure.Message, Does.Contain("XP").And.Contain("the guest's own words"));
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
        clock.Advance(GuestConnection.RequestLimit);

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

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    private static VirtualMachineError? ErrorOf(Action action) => Assert.Throws<VirtualMachineException>(action)?.Error;

    private static async Task<VirtualMachineError?> ErrorOfAsync(Task task) =>
        (await Assert.ThrowsAsync<VirtualMachineException>(() => Wait.UntilAsync(task, "the refusal")))?.Error;

    private sealed class Owner : IGuestOwner, IValueStore
    {
        private readonly Dictionary<string, object> values = [];

        public string Name => "XP";

        public MachineState State { get; set; } = MachineState.Running;

        public GuestSession? GuestSession { get; init; }

        public bool IsRegistered { get; set; } = true;

        public IValueStore ConfigurationValues => this;

        public Task? Work { get; private set; }

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
