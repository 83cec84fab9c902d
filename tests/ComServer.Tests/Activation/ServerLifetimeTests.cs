using Microsoft.Extensions.Time.Testing;
using VpcComApi.ComServer.Activation;

namespace VpcComApi.ComServer.Tests.Activation;

[TestFixture]
internal sealed class ServerLifetimeTests
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private FakeTimeProvider time = null!;
    private FakeServerProcess process = null!;
    private ServerLifetime lifetime = null!;
    private bool busy;
    private int questions;

    [SetUp]
    public void Start_a_server()
    {
        busy = false;
        time = new FakeTimeProvider();
        process = new FakeServerProcess();
        lifetime = new ServerLifetime(process, IsBusy, _ => IdleTimeout, time);
    }

    [TearDown]
    public void End_the_server() => lifetime.Dispose();

    [Test]
    public void A_server_that_nobody_comes_to_ends_after_the_idle_time()
    {
        time.Advance(IdleTimeout - Moment);
        bool early = lifetime.Idle.IsCompleted;
        time.Advance(Moment);

        Assert.That(early, Is.False);
        Assert.That(lifetime.Idle.IsCompleted, Is.True);
        Assert.That(process.References, Is.Zero);
    }

    [Test]
    public void A_server_stays_for_as_long_as_a_client_holds_something()
    {
        lifetime.AddReference();
        time.Advance(100 * IdleTimeout);

        Assert.That(lifetime.HasClients, Is.True);
        Assert.That(lifetime.Idle.IsCompleted, Is.False);
    }

    [Test]
    public void The_idle_time_begins_with_the_last_release()
    {
        lifetime.AddReference();
        lifetime.AddReference();
        time.Advance(IdleTimeout);
        lifetime.ReleaseReference();
        time.Advance(IdleTimeout);
        lifetime.ReleaseReference();
        time.Advance(IdleTimeout - Moment);
        bool early = lifetime.Idle.IsCompleted;
        time.Advance(Moment);

        Assert.That(early, Is.False);
        Assert.That(lifetime.Idle.IsCompleted, Is.True);
    }

    [Test]
    public void A_release_that_is_not_the_last_asks_the_host_nothing()
    {
        lifetime.AddReference();
        lifetime.AddReference();
        int before = questions;
        lifetime.ReleaseReference();
        int between = questions;
        lifetime.ReleaseReference();

        Assert.That(between, Is.EqualTo(before));
        Assert.That(questions, Is.GreaterThan(between));
    }

    [Test]
    public void While_it_waits_for_the_next_client_COM_must_not_close_the_class()
    {
        lifetime.AddReference();
        lifetime.ReleaseReference();

        Assert.That(process.References, Is.EqualTo(1), "At zero COM would suspend the class objects.");
    }

    [Test]
    public void A_server_stays_while_a_machine_runs()
    {
        busy = true;
        time.Advance(100 * IdleTimeout);
        bool endedWhileBusy = lifetime.Idle.IsCompleted;
        busy = false;
        lifetime.Touch();
        time.Advance(IdleTimeout);

        Assert.That(endedWhileBusy, Is.False);
        Assert.That(lifetime.Idle.IsCompleted, Is.True);
    }

    [Test]
    public void Each_activation_restarts_the_idle_timer()
    {
        time.Advance(IdleTimeout - Moment);
        lifetime.Touch();
        time.Advance(IdleTimeout - Moment);

        Assert.That(lifetime.Idle.IsCompleted, Is.False);
    }

    [Test]
    public void An_activation_that_COM_knows_of_and_the_server_not_yet_keeps_it_running()
    {
        process.AddReference();
        time.Advance(IdleTimeout);

        Assert.That(lifetime.Idle.IsCompleted, Is.False);
        Assert.That(process.References, Is.EqualTo(2));
    }

    [Test]
    public void A_client_that_came_through_after_the_decision_to_end_takes_it_back()
    {
        time.Advance(IdleTimeout);
        lifetime.AddReference();
        lifetime.GoOn();
        time.Advance(100 * IdleTimeout);
        bool endedWithClient = lifetime.Idle.IsCompleted;
        lifetime.ReleaseReference();
        time.Advance(IdleTimeout);

        Assert.That(endedWithClient, Is.False);
        Assert.That(lifetime.Idle.IsCompleted, Is.True);
        Assert.That(process.References, Is.Zero);
    }

    [Test]
    public void A_lock_that_is_released_too_often_does_no_harm()
    {
        lifetime.ReleaseReference();
        lifetime.AddReference();
        time.Advance(IdleTimeout);

        Assert.That(lifetime.Idle.IsCompleted, Is.False);
        Assert.That(process.References, Is.EqualTo(2));
    }

    [Test]
    public void A_server_that_no_client_has_reached_yet_waits_for_its_first_one_longer_than_a_shortTimeidle_time()
    {
        TimeSpan shortTime = TimeSpan.FromSeconds(1);
        using ServerLifetime impatient = new(
            new FakeServerProcess(), IsBusy, reached => WaitingTime.Of(reached, failed: false, shortTime), time);

        time.Advance(WaitingTime.FirstClient - Moment);
        bool early = impatient.Idle.IsCompleted;
        impatient.AddReference();
        impatient.ReleaseReference();
        time.Advance(shortTime - Moment);
        bool earlyAfterTheClient = impatient.Idle.IsCompleted;
        time.Advance(Moment);

        Assert.That(early, Is.False);
        Assert.That(earlyAfterTheClient, Is.False);
        Assert.That(impatient.Idle.IsCompleted, Is.True);
    }

    [Test]
    public void A_server_to_which_no_client_comes_at_all_ends()
    {
        using ServerLifetime impatient = new(
            new FakeServerProcess(), IsBusy, reached => WaitingTime.Of(reached, failed: false, TimeSpan.FromSeconds(1)), time);

        time.Advance(WaitingTime.FirstClient);

        Assert.That(impatient.Idle.IsCompleted, Is.True);
    }

    [Test]
    public void A_server_that_could_not_open_its_application_does_not_wait_for_a_first_client()
    {
        bool failed = false;
        using ServerLifetime broken = new(
            new FakeServerProcess(), IsBusy, reached => WaitingTime.Of(reached, failed, idleTimeout: null), time);

        failed = true;
        broken.Touch();
        time.Advance(WaitingTime.Failed);

        Assert.That(broken.Idle.IsCompleted, Is.True);
    }

    [Test]
    public void A_longer_idle_timeout_counts_before_the_first_client_too() =>
        Assert.That(WaitingTime.Of(reached: false, failed: false, 2 * WaitingTime.FirstClient), Is.EqualTo(2 * WaitingTime.FirstClient));

    private bool IsBusy()
    {
        questions++;
        return busy;
    }
}
