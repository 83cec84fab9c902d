using System.CommandLine;
using VpcComApi.ManualPages;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests;

/// <summary>The manual pages say what the programs' help and the pages in docs say.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ManualPageTests
{
    private static readonly string[] Sections =
        ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXAMPLES", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"];

    [TestCase("vpcctl.1")]
    [TestCase("vmsrvc.8vpccomapi")]
    public void A_page_has_every_command_and_every_option(string name) =>
        AssertHasAll(Write(name), Find(name).CommandLine, name.Split('.')[0]);

    [TestCase("vpcctl.1")]
    [TestCase("vmsrvc.8vpccomapi")]
    public void A_page_has_all_sections_and_a_foot(string name)
    {
        string page = Write(name);

        Assert.That(page, Does.Match(@"^\.TH V[A-Z]+ \S+ 2026-11-30 ""VpcComApi 1\.2\.3"" ""[A-Za-z ]+""\n"));
        Assert.That(Sections.Where(section => !page.Contains($"\n.SH \"{section}\"\n", StringComparison.Ordinal)), Is.Empty);
        Assert.That(page.Split('\n'), Has.None.Contain("`").And.None.Contain("]("), "no Markdown is left");
    }

    [Test]
    public void The_page_of_vpcctl_has_every_exit_code()
    {
        string page = Write("vpcctl.1");

        Assert.That(
            Enum.GetValues<ExitCode>().Where(code => !page.Contains($"\n.TP\n{(int)code}\n", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase(@"a `\\.\pipe\NAME`, *so* and **thus**", @"a \fB\e\e.\epipe\eNAME\fR, \fIso\fR and \fBthus\fR")]
    [TestCase("see [the page `x`](page.md#part)", @"see the page \fBx\fR")]
    [TestCase("half-close with --force, \"it's\"", @"half-close with \-\-force, \(dqit\(aqs\(dq")]
    [TestCase("Cédric", @"C\[u00E9]dric")]
    public void Markdown_becomes_roff(string markdown, string roff) => Assert.That(RoffText.Markdown(markdown), Is.EqualTo(roff));

    [Test]
    public void A_line_that_begins_like_a_request_is_text() =>
        Assert.That(RoffText.Lines(".vmc files").Append(RoffText.ExampleLine("'a'")), Is.EqualTo([@"\&.vmc files", @"\(aqa\(aq"]));

    [Test]
    public void A_part_that_a_page_in_docs_does_not_have_is_an_error()
    {
        using TestDirectory folder = new();
        DocumentationPage page = DocumentationPage.Read(folder.WriteText("page.md", "# Title\n\n| a | b |\n|---|---|\n| `x\\|y` | z |\n"));

        Assert.That(page.Table("Title", "a"), Is.EqualTo([("`x|y`", "z")]));
        Assert.That(() => page.Table("Title", "b"), Throws.InstanceOf<InvalidDataException>());
        Assert.That(() => page.FirstCodeBlock("Title"), Throws.InstanceOf<InvalidDataException>());
        Assert.That(() => page.FirstParagraph("Other"), Throws.InstanceOf<InvalidDataException>());
    }

    private static string Write(string name)
    {
        PageEdition edition = new("1.2.3", new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
        return Find(name).Write(edition);
    }

    private static ManualPage Find(string name) =>
        Manual.PagesOf(RepositoryPaths.Root, "vpccomapi").Single(page => page.FileName == name);

    private static void AssertHasAll(string page, Command command, string path)
    {
        foreach (Command below in command.Subcommands.Where(below => !below.Hidden))
        {
            string full = $"{path} {below.Name}";
            int start = page.IndexOf($"\n.SS \"{RoffText.Literal(full)}\"\n", StringComparison.Ordinal);
            Assert.That(start, Is.Not.Negative, full);
            string part = page[start..(page.IndexOf("\n.S", start + 1, StringComparison.Ordinal) is > 0 and var end ? end : page.Length)];
            string text = part.Replace('\n', ' ');
            Assert.That(text, Does.Contain(RoffText.Plain(below.Description!)), full);
            foreach (Option option in below.Options.Where(option => !option.Hidden && option.Name != "--help"))
            {
                string shown = RoffText.LiteralBold(option.Name);
                Assert.That(part, Does.Contain($"\n.TP\n{shown}").Or.Contain($", {shown}"));
                Assert.That(text, Does.Contain(RoffText.Plain(option.Description!)), $"{full} {option.Name}");
            }

            AssertHasAll(page, below, full);
        }
    }
}
