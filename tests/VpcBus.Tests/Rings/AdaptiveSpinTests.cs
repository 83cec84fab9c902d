using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>When the loop spins and when it sleeps, on a clock of microseconds.</summary>
[TestFixture]
internal sealed class AdaptiveSpinTests
{
    private const long Second = 1_000_000;

    [Test]
    public void Spins_that_find_nothing_are_given_up_and_short_sleeps_bring_them_back()
    {
        AdaptiveSpin spin = new(Second);
        Assert.That(spin.ShouldSpin(0), Is.True);
        for (int n = 0; n < 20; n++)
        {
            spin.NoteFailure();
        }

        Assert.That(spin.ShouldSpin(1), Is.False);
        for (int n = 0; n < 10; n++)
        {
            spin.NoteSleep(began: 100 * n, now: (100 * n) + 60);
        }

        Assert.That(spin.ShouldSpin(2000), Is.True);
    }

    [Test]
    public void Long_sleeps_end_the_spinning()
    {
        AdaptiveSpin spin = new(Second);
        for (int n = 0; n < 20; n++)
        {
            spin.NoteSleep(began: 0, now: 5000);
        }

        Assert.That(spin.ShouldSpin(1), Is.False);
    }

    [Test]
    public void A_yield_that_gave_the_core_to_a_computing_program_ends_the_spinning_for_a_while()
    {
        AdaptiveSpin spin = new(Second);

        Assert.That(spin.NoteYield(began: 0, now: 10), Is.True);
        Assert.That(spin.NoteYield(began: 10, now: 3010), Is.False);

        Assert.That(spin.ShouldSpin(4000), Is.False);
        Assert.That(spin.ShouldSpin(Second / 10), Is.True);
    }

    [Test]
    public void Each_long_yield_ends_it_for_longer()
    {
        AdaptiveSpin spin = new(Second);
        long now = 0;
        for (int n = 0; n < 8; n++)
        {
            spin.NoteYield(now, now += 3000);
        }

        Assert.That(spin.ShouldSpin(now + (Second / 20)), Is.False);
        Assert.That(spin.ShouldSpin(now + (Second / 8)), Is.True);
    }
}
