using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using VpcComApi.ComServer.Automation;
using VpcComApi.TestSupport;

namespace VpcComApi.ComServer.Tests.Automation;

[TestFixture]
internal sealed class EventSinkTests
{
    private const int ServerUnavailable = unchecked((int)0x800706BA);
    private const int NotHandled = unchecked((int)0x80020003);
    private const uint Cookie = 7;

    private readonly RecordingLogger<EventSink> log = new();

    [Test]
    public async Task Events_arrive_in_order_and_the_sink_is_released_once_closed()
    {
        BlockingCollection<int> arrived = [];
        using FakeDispatch client = new(dispId =>
        {
            arrived.Add(dispId);
            return 0;
        });
        EventSink sink = new(client.Address, Cookie, _ => Assert.Fail("The sink lives."), log);

        for (int number = 1; number <= 100; number++)
        {
            sink.Post(new EventCall(number, []));
        }

        await Wait.UntilAsync(() => arrived.Count == 100, "all events");
        sink.Close();
        await Wait.UntilAsync(client.Released.Task, "the sink to be released");

        Assert.That(arrived, Is.EqualTo(Enumerable.Range(1, 100)));
    }

    [Test]
    public async Task A_sink_that_hangs_holds_nobody_up_loses_what_is_too_much_and_is_released_when_it_returns()
    {
        using ManualResetEventSlim release = new();
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using FakeDispatch client = new(_ =>
        {
            entered.TrySetResult();
            release.Wait();
            return 0;
        });
        EventSink sink = new(client.Address, Cookie, _ => { }, log);
        sink.Post(new EventCall(1, []));
        await Wait.UntilAsync(entered.Task, "the first event");

        // None of these waits, although the sink never answers.
        for (int number = 0; number < EventSink.QueueLimit + 10; number++)
        {
            sink.Post(new EventCall(2, []));
        }

        sink.Close();
        bool releasedWhileInside = client.Released.Task.IsCompleted;
        release.Set();
        await Wait.UntilAsync(client.Released.Task, "the sink to be released");

        Assert.That(releasedWhileInside, Is.False);
        Assert.That(log.Entries.Count(entry => entry.Level == LogLevel.Warning), Is.EqualTo(1), "One entry for all lost events.");
    }

    [Test]
    public async Task A_sink_whose_process_is_gone_is_dropped()
    {
        TaskCompletionSource<EventSink> dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using FakeDispatch client = new(_ => ServerUnavailable);
        EventSink sink = new(client.Address, Cookie, gone =>
        {
            gone.Close();
            dead.SetResult(gone);
        }, log);

        sink.Post(new EventCall(1, []));
        EventSink dropped = await Wait.UntilAsync(dead.Task, "the sink to be reported");
        await Wait.UntilAsync(client.Released.Task, "the sink to be released");

        Assert.That(dropped, Is.SameAs(sink));
        Assert.That(log.Entries.Single().Text, Does.Contain("800706BA"));
    }

    [Test]
    public async Task A_sink_that_does_not_handle_an_event_stays()
    {
        BlockingCollection<int> arrived = [];
        using FakeDispatch client = new(dispId =>
        {
            arrived.Add(dispId);
            return NotHandled;
        });
        EventSink sink = new(client.Address, Cookie, _ => Assert.Fail("The sink lives."), log);

        sink.Post(new EventCall(1, []));
        await Wait.UntilAsync(() => arrived.Count == 1, "the first event");
        sink.Post(new EventCall(2, []));
        await Wait.UntilAsync(() => arrived.Count == 2, "the second event");
        sink.Close();
        await Wait.UntilAsync(client.Released.Task, "the sink to be released");

        Assert.That(log.Entries, Is.Empty);
    }

    [Test]
    public async Task After_Close_nothing_more_is_delivered()
    {
        BlockingCollection<int> arrived = [];
        using FakeDispatch client = new(dispId =>
        {
            arrived.Add(dispId);
            return 0;
        });
        EventSink sink = new(client.Address, Cookie, _ => { }, log);
        sink.Close();
        sink.Post(new EventCall(1, []));
        await Wait.UntilAsync(client.Released.Task, "the sink to be released");

        Assert.That(arrived, Is.Empty);
        Assert.That(sink.GetReference() == 0, Is.True, "A closed sink gives no reference.");
    }

    [SetUp]
    public void Forget_the_log() => log.Clear();
}
