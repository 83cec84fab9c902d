using VpcComApi.ComServer.Verification;

namespace VpcComApi.ComServer.Tests.Verification;

[TestFixture]
internal sealed class VerificationReportTests
{
    private static readonly ReportRedaction Redaction = new(
    [
        ("Ann", "<user>"),
        ("PC-7", "<machine>"),
        (@"C:\Users\Ann", "%USERPROFILE%"),
        (@"C:\Users\Ann\AppData\Local", "%LOCALAPPDATA%"),
        (string.Empty, "<nothing>"),
    ]);

    [TestCase(@"C:\Users\Ann\AppData\Local\Temp\x", @"%LOCALAPPDATA%\Temp\x")]
    [TestCase(@"c:\users\ANN\vpc.exe", @"%USERPROFILE%\vpc.exe")]
    [TestCase(@"PC-7\ann may write", @"<machine>\<user> may write")]
    [TestCase("The annexe of PC-70 is Hannover", "The annexe of PC-70 is Hannover")]
    [TestCase("S-1-5-21-1-2-3-1001 and S-1-12-1-4-5-6-7", "<SID> and <SID>")]
    [TestCase("S-1-5-32-545 and S-1-1-0", "S-1-5-32-545 and S-1-1-0", Description = "Well-known groups name nobody.")]
    public void Names_of_the_user_and_the_machine_are_replaced(string text, string expected) =>
        Assert.That(Redaction.Apply(text), Is.EqualTo(expected));

    [Test]
    public void A_name_with_characters_of_a_pattern_is_taken_literally() =>
        Assert.That(new ReportRedaction([("a.b$1", "<$1>")]).Apply("a.b$1 axb$1"), Is.EqualTo("<$1> axb$1"));

    [Test]
    public void Everything_that_is_written_is_redacted_bounded_and_on_one_line()
    {
        using StringWriter writer = new();
        VerificationReport report = new([writer], Redaction);

        report.Head("Report of Ann", [("machine", "PC-7")]);
        report.Begin(new FakeCheck("ann", () => CheckResult.Pass(string.Empty)));
        report.End(CheckResult.Fail($"Ann\r\n{new string('x', 3 * VerificationReport.MaximumTextLength)}", "Ask Ann."));

        string text = writer.ToString();
        Assert.That(text, Does.Not.Contain("Ann").And.Not.Contain("PC-7"));
        Assert.That(text.Split(writer.NewLine).Select(line => line.Length), Is.All.AtMost(VerificationReport.MaximumTextLength + 3));
        Assert.That(text.Split(writer.NewLine), Has.Exactly(1).StartsWith("  seen     <user> xxx"));
    }

    [Test]
    public void Every_writer_gets_all_of_it()
    {
        using StringWriter first = new();
        using StringWriter second = new();
        VerificationReport report = new([first, second], Redaction);

        report.Head("Title", []);
        report.Summarize();

        Assert.That(first.ToString(), Does.Contain("Title").And.Contain("0 checks"));
        Assert.That(second.ToString(), Is.EqualTo(first.ToString()));
    }
}
