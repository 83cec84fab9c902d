using Microsoft.Extensions.Time.Testing;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Guests;

namespace VpcComApi.VirtualMachines.Tests.Guests;

/// <summary>The limit of a guest's messages in one second.</summary>
[TestFixture]
internal sealed class MessagePaceTests
{
    private readonly FakeTimeProvider clock = new();

    [Test]
    public async Task What_an_honest_guest_says_never_waits()
    {
        MessagePace pace = new(clock);
        for (int second = 0; second < 10; second++)
        {
            for (int message = 0; message < MessagePace.MaximumCost; message++)
            {
                Assert.That(pace.TakeAsync(1, CancellationToken.None).AsTask().IsCompletedSuccessfully, Is.True);
            }

            clock.Advance(TimeSpan.FromSeconds(1));
        }

        await pace.TakeAsync(1, CancellationToken.None);
    }

    [Test]
    public async Task Too_much_waits_for_the_next_second_and_no_longer()
    {
        MessagePace pace = new(clock);
        await pace.TakeAsync(MessagePace.MaximumCost, CancellationToken.None);
        Task waiting = pace.TakeAsync(1, CancellationToken.None).AsTask();

        clock.Advance(TimeSpan.FromMilliseconds(900));
        Assert.That(waiting.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await Wait.UntilAsync(waiting, "the next second");
    }

    [Test]
    public void A_wait_can_be_ended()
    {
        MessagePace pace = new(clock);
        Assert.That(pace.TakeAsync(MessagePace.MaximumCost, CancellationToken.None).AsTask().IsCompletedSuccessfully, Is.True);
        using CancellationTokenSource stop = new();
        Task waiting = pace.TakeAsync(1, stop.Token).AsTask();

        stop.Cancel();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
    }
}
