using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>How many needless signals are allowed, on a clock of milliseconds.</summary>
[TestFixture]
internal sealed class SignalBudgetTests
{
    [Test]
    public void A_burst_is_allowed_and_then_a_few_every_second()
    {
        SignalBudget budget = new();
        int borne = 0;
        while (budget.NoteIdle(now: 5000))
        {
            borne++;
        }

        Assert.That(borne, Is.EqualTo(SignalBudget.Most - 1));
        int later = 0;
        for (long now = 5000; now < 7000; now++)
        {
            for (int signal = 0; signal < 100; signal++)
            {
                later += budget.NoteIdle(now) ? 1 : 0;
            }
        }

        Assert.That(later, Is.AtMost(2000 * SignalBudget.PerMillisecond));
    }

    [Test]
    public void Who_signals_as_often_with_need_as_without_is_never_found_out()
    {
        SignalBudget budget = new();
        for (int signal = 0; signal < 10 * SignalBudget.Most; signal++)
        {
            budget.NoteUseful();
            Assert.That(budget.NoteIdle(now: 5000), Is.True);
        }
    }
}
