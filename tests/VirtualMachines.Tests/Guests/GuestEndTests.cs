using Microsoft.Extensions.Time.Testing;
using VpcComApi.VirtualMachines.Guests;

namespace VpcComApi.VirtualMachines.Tests.Guests;

/// <summary>The owner of the end of a guest.</summary>
[TestFixture]
internal sealed class GuestEndTests
{
    private readonly FakeTimeProvider clock = new();

    [Test]
    public void The_first_has_it_until_the_guest_refuses_or_is_up_again()
    {
        GuestEnd end = new(clock);

        Assert.That(end.TryBegin(), Is.True);
        Assert.That(end.TryBegin(), Is.False);
        Assert.That(end.IsUnderWay, Is.True);

        end.Clear();
        Assert.That(end.IsUnderWay, Is.False);
        Assert.That(end.TryBegin(), Is.True);
    }

    [Test]
    public void A_guest_that_does_nothing_for_ten_minutes_can_be_asked_again()
    {
        GuestEnd end = new(clock);
        end.TryBegin();

        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.That(end.IsUnderWay, Is.False);
        Assert.That(end.TryBegin(), Is.True);
    }
}
