using VpcComApi.ComServer.Verification;

namespace VpcComApi.ComServer.Tests.Verification;

[TestFixture]
internal sealed class VerificationRunnerTests
{
    private static readonly TimeSpan LongLimit = TimeSpan.FromMinutes(1);

    [Test]
    public void A_run_passes_when_every_check_passes_or_cannot_be_asked()
    {
        (bool passed, string text) = Run(
            isWine: false,
            LongLimit,
            new FakeCheck("first", () => CheckResult.Pass("fine")),
            new FakeCheck("second", () => CheckResult.NotApplicable("not here", "Try elsewhere.")));

        Assert.That(passed, Is.True);
        Assert.That(text, Is.EqualTo("""

            first
              claim    first must hold.
              result   pass
              seen     fine

            second
              claim    second must hold.
              result   not applicable
              seen     not here
              do       Try elsewhere.

            2 checks: 1 passed, 0 failed, 1 not applicable

            """.ReplaceLineEndings()));
    }

    [Test]
    public void One_failure_fails_the_run_and_the_next_check_is_still_run()
    {
        (bool passed, string text) = Run(
            isWine: false,
            LongLimit,
            new FakeCheck("first", () => CheckResult.Fail("broken", "Mend it.")),
            new FakeCheck("second", () => CheckResult.Pass("fine")));

        Assert.That(passed, Is.False);
        Assert.That(text, Does.Contain("result   FAIL").And.Contain("do       Mend it.").And.Contain("seen     fine"));
        Assert.That(text.TrimEnd(), Does.EndWith("2 checks: 1 passed, 1 failed, 0 not applicable"));
    }

    [Test]
    public void A_check_that_throws_has_failed_with_what_it_threw()
    {
        (bool passed, string text) = Run(
            isWine: false, LongLimit, new FakeCheck("first", () => throw new System.ComponentModel.Win32Exception(5, "no entry")));

        Assert.That(passed, Is.False);
        Assert.That(text, Does.Contain("Win32Exception (0x00000005): no entry"));
    }

    [Test]
    public void A_check_that_does_not_come_back_has_failed_and_holds_nobody_up()
    {
        using ManualResetEventSlim testIsOver = new();
        (bool passed, string text) = Run(
            isWine: false,
            TimeSpan.FromMilliseconds(50),
            new FakeCheck("first", () =>
            {
                testIsOver.Wait();
                return CheckResult.Pass("too late");
            }));
        testIsOver.Set();

        Assert.That(passed, Is.False);
        Assert.That(text, Does.Contain("did not come to an end").And.Not.Contain("too late"));
    }

    [TestCase(true, "why", "not applicable")]
    [TestCase(true, null, "FAIL")]
    [TestCase(false, "why", "FAIL")]
    public void Only_under_Wine_and_only_where_it_is_known_a_failure_counts_for_nothing(bool isWine, string? known, string expected)
    {
        (bool passed, string text) = Run(
            isWine, LongLimit, new FakeCheck("first", () => CheckResult.Fail("broken", "Mend it.")) { KnownUnderWine = known });

        Assert.That(passed, Is.EqualTo(expected != "FAIL"));
        Assert.That(text, Does.Contain($"result   {expected}").And.Contain("broken"));
    }

    [Test]
    public void What_Wine_can_after_all_passes()
    {
        (_, string text) = Run(isWine: true, LongLimit, new FakeCheck("first", () => CheckResult.Pass("fine")) { KnownUnderWine = "why" });

        Assert.That(text, Does.Contain("result   pass"));
    }

    [Test]
    public void The_report_names_a_check_before_it_is_run()
    {
        using StringWriter writer = new();
        string before = string.Empty;
        FakeCheck check = new("crashing", () =>
        {
            before = writer.ToString();
            return CheckResult.Pass("fine");
        });

        new VerificationRunner([check], isWine: false, LongLimit).Run(new VerificationReport([writer], new ReportRedaction([])));

        Assert.That(before, Does.Contain("crashing").And.Not.Contain("result"));
    }

    private static (bool Passed, string Text) Run(bool isWine, TimeSpan limit, params IVerificationCheck[] checks)
    {
        using StringWriter writer = new();
        bool passed = new VerificationRunner(checks, isWine, limit).Run(new VerificationReport([writer], new ReportRedaction([])));
        return (passed, writer.ToString());
    }
}
