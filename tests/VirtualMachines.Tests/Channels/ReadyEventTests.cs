using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.VirtualMachines.Tests.Channels;

/// <summary>The named event itself is tried where there are named events: by WindowsProbe, under Wine or on Windows.</summary>
[TestFixture]
internal sealed class ReadyEventTests
{
    [Test]
    public void The_name_is_the_one_that_the_articles_wait_routine_builds() =>
        Assert.That(ReadyEvent.NameOf("1234-5678"), Is.EqualTo(@"Local\1234-5678_ChannelReady"));

    [Test]
    public void It_begins_reset_and_follows_set_and_reset()
    {
        using IReadyEvent ready = ReadyEvent.Create("vpc-test-" + Guid.NewGuid());
        Assert.That(ready.IsSet, Is.False);

        ready.Set();
        Assert.That(ready.IsSet, Is.True);

        ready.Reset();
        Assert.That(ready.IsSet, Is.False);
    }

    [Test]
    public void Disposing_resets_it()
    {
        IReadyEvent ready = ReadyEvent.Create("vpc-test-" + Guid.NewGuid());
        ready.Set();

        ready.Dispose();

        Assert.That(ready.IsSet, Is.False);
    }
}
