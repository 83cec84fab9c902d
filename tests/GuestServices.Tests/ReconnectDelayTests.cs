using VpcComApi.GuestServices.Links;

namespace VpcComApi.GuestServices.Tests;

public sealed class ReconnectDelayTests
{
    [Test]
    public void Each_wait_is_longer_up_to_a_limit_and_the_first_again_after_a_success()
    {
        ReconnectDelay delay = new();
        TimeSpan[] waits = [.. Enumerable.Range(0, 20).Select(_ => delay.Next())];

        Assert.That(waits[0], Is.EqualTo(ReconnectDelay.Shortest));
        Assert.That(waits, Is.Ordered);
        Assert.That(waits[^1], Is.EqualTo(ReconnectDelay.Longest));

        delay.Reset();
        Assert.That(delay.Next(), Is.EqualTo(ReconnectDelay.Shortest));
    }
}
