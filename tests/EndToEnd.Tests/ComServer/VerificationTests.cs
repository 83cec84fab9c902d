using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.ComServer;

/// <summary>/Verify as a user runs it, on the Windows that is here.</summary>
[TestFixture]
internal sealed class VerificationTests
{
    private const string Passed = "pass";
    private const string NotApplicable = "not applicable";

    /// <summary>The product's type library, which distinguishes its interfaces from those of others.</summary>
    private const string TypeLibraryId = "cef63746-ad34-42d0-9138-39d83ecb77cb";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>
    /// What Wine 8 and Wine 10 answer. Where two are named, the newer one can what the older one could not, or the set-up decides.
    /// </summary>
    private static readonly Dictionary<string, string[]> UnderWine = new()
    {
        ["registration"] = [Passed],
        ["type-library-file"] = [Passed],
        ["type-library-views"] = [Passed],
        ["program-folder"] = [Passed, NotApplicable],
        ["data-folder"] = [NotApplicable],
        ["event-source"] = [Passed],
        ["ready-event"] = [Passed],
        ["ready-event-permissions"] = [NotApplicable],
        ["pipe-permissions"] = [NotApplicable],
        ["pipe-remote"] = [Passed],
        ["pipe-short-client"] = [Passed],
        ["pipe-last-bytes"] = [Passed],
        ["per-user-registration"] = [NotApplicable],
        ["activation"] = [Passed],
        ["server-identity"] = [Passed],
        ["call-permissions"] = [NotApplicable],
        ["launch-permissions"] = [NotApplicable],
        ["two-elevations"] = [NotApplicable],
        ["client-32-bit"] = [Passed, NotApplicable],
        ["fast-rundown"] = [Passed],
        ["suspended-class"] = [NotApplicable],
    };

    [SetUp]
    public void Require_Wine() => ToolRequirement.Require(ExternalTool.Wine);

    [Test]
    [Platform(Exclude = "Win", Reason = "Only /Verify can find out what Windows answers.")]
    public async Task Every_check_answers_under_Wine_as_is_known_of_it_and_nothing_is_left()
    {
        using TestDirectory folder = new();
        await using WineEnvironment windows = await WineEnvironment.CreateAsync();
        await windows.RunAsync(PublishedProducts.ComServer, ["/RegServer"]);
        string before = await ExportAsync(windows);
        string file = folder.PathOf("report.txt");

        ProgramResult run = await windows.RunAsync(PublishedProducts.ComServer, ["/Verify", windows.ToWindowsPath(file)], limit: Limit);

        string report = (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n");
        Dictionary<string, string> results = ResultsOf(report);
        Assert.That(results.Keys, Is.EquivalentTo(UnderWine.Keys), run.ToString());
        Assert.That(
            results.Where(result => !UnderWine[result.Key].Contains(result.Value)).Select(
                result => $"{result.Key}: {result.Value}"), Is.Empty, run.ToString());
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(report, Does.Not.Contain(Environment.MachineName).IgnoreCase);
        Assert.That(run.Output, Is.EqualTo(report));
        await AssertNothingIsLeftAsync(windows, before);
        Assert.That(TemporaryFolders(windows), Is.Empty);
        await Wait.UntilAsync(() => windows.ProcessesOf("vpc.exe").Count == 0, "all processes of the run to end");
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There is one registry for all.")]
    public async Task A_killed_run_leaves_neither_keys_nor_files_and_does_not_touch_what_is_registered()
    {
        using TestDirectory folder = new();
        await using WineEnvironment windows = await WineEnvironment.CreateAsync();
        await windows.RunAsync(PublishedProducts.ComServer, ["/RegServer"]);
        string before = await ExportAsync(windows);

        await using (RunningProgram run = windows.Start(
            PublishedProducts.ComServer, "/Verify", windows.ToWindowsPath(folder.PathOf("report.txt"))))
        {
            await run.WaitForOutputAsync("activation");
            Assert.That(await ExportAsync(windows), Does.Contain("VpcComApi.Verification."));
            run.Kill();
        }

        await Wait.UntilAsync(() => TemporaryFolders(windows).Count == 0, "the cleaner to have cleaned up", TimeSpan.FromMinutes(2));
        await AssertNothingIsLeftAsync(windows, before);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There is one registry for all.")]
    public async Task What_a_run_left_that_was_killed_with_its_cleaner_goes_with_the_next_run_or_unregistration()
    {
        await using WineEnvironment windows = await WineEnvironment.CreateAsync();
        string before = await ExportAsync(windows);
        const string Id = "0123456789abcdef0123456789abcde8";
        const string Braced = "{01234567-89AB-CDEF-0123-456789ABCDE8}";
        foreach (string key in (string[])[$"VpcComApi.Verification.{Id}", $@"CLSID\{Braced}\LocalServer32", $@"AppID\{Braced}"])
        {
            await windows.RunAsync("reg", ["add", $@"HKLM\Software\Classes\{key}", "/ve", "/d", "x", "/f"]);
        }

        ProgramResult removal = await windows.RunAsync(PublishedProducts.ComServer, ["/UnregServer"]);

        Assert.That(removal.ExitCode, Is.Zero, removal.ToString());
        Assert.That(await ExportAsync(windows), Is.EqualTo(before));
    }

    [Test]
    public async Task A_report_that_cannot_be_written_is_refused_before_anything_is_done()
    {
        await using WineEnvironment windows = await WineEnvironment.CreateAsync();

        ProgramResult run = await windows.RunAsync(PublishedProducts.ComServer, ["/Verify", @"C:\no such folder\report.txt"]);

        Assert.That(run.ExitCode, Is.EqualTo(1), run.ToString());
        Assert.That(run.Error, Does.Contain(@"C:\no such folder"));
        Assert.That(run.Output, Is.Empty);
    }

    /// <summary>Each check's result: a line with its name alone, and below it "  result   WORD".</summary>
    private static Dictionary<string, string> ResultsOf(string report)
    {
        Dictionary<string, string> results = [];
        string name = string.Empty;
        foreach (string line in report.Split('\n'))
        {
            if (line.Length > 0 && line[0] != ' ')
            {
                name = line;
            }
            else if (line.StartsWith("  result ", StringComparison.Ordinal))
            {
                results.Add(name, line["  result ".Length..].Trim());
            }
        }

        return results;
    }

    private static List<string> TemporaryFolders(WineEnvironment windows) =>
        [.. Directory.EnumerateDirectories(Path.Combine(windows.DriveC, "users"), "vpc-verify-*", SearchOption.AllDirectories)];

    /// <summary>
    /// Everything that was registered before is unchanged, and nothing was added. Only Wine's own interfaces and type libraries are
    /// ignored, because Wine's programs write these again when they load them.
    /// </summary>
    private static async Task AssertNothingIsLeftAsync(WineEnvironment windows, string before)
    {
        string[] now = [.. Keys(await ExportAsync(windows)).Where(key => !IsOfAnotherInterface(key))];
        string[] then = [.. Keys(before).Where(key => !IsOfAnotherInterface(key))];

        Assert.That(then.Except(now), Is.Empty, "keys that are missing or changed");
        Assert.That(now.Except(then), Is.Empty, "keys that are new");

        static bool IsOfAnotherInterface(string key) =>
            (key.Contains(@"\Interface\", StringComparison.OrdinalIgnoreCase)
                || key.Contains(@"\Typelib\", StringComparison.OrdinalIgnoreCase))
            && !key.Contains("IVM", StringComparison.Ordinal) && !key.Contains(TypeLibraryId, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The keys of an export, each with its values.</summary>
    private static string[] Keys(string export) => [.. export.ReplaceLineEndings("\n").Split("\n[").Select(key => key.Trim())];

    private static async Task<string> ExportAsync(WineEnvironment windows) => string.Join(
        '\n', await windows.ExportRegistryAsync(@"HKLM\Software\Classes"), await windows.ExportRegistryAsync(@"HKCU\Software\Classes"));
}
