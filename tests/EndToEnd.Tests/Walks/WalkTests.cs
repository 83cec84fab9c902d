using System.Text.RegularExpressions;
using VpcComApi.ContractGenerator;
using VpcComApi.ContractGenerator.Model;
using VpcComApi.EndToEnd.Tests.ComServer;
using VpcComApi.EndToEnd.Tests.Cpp;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.Walks;

/// <summary>
/// Programs that read every property of every object, of a running, a paused, a saved and a turned-off machine: early bound in C++, late
/// bound in VBScript and PowerShell. They are generated from the contract, so that no property is forgotten.
/// </summary>
[TestFixture]
internal sealed partial class WalkTests
{
    private const string NotImplemented = "80004001";

    /// <summary>What a walk need not meet: where it begins, and what a host without USB devices does not have.</summary>
    private static readonly string[] NeedNotBeMet = ["IVMVirtualPC", "IVMUSBDevice"];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly string[] States = ["running", "paused", "saved", "off"];

    private readonly TestDirectory folder = new();
    private readonly Contract contract = ContractReader.Read(
        Path.Combine(InteropFolder.Find(RepositoryPaths.Root), "contract", "vpc-api.json"));
    private ComClient client = null!;

    private WineEnvironment Windows => client.Windows;

    [OneTimeSetUp]
    public async Task Set_up()
    {
        client = await ComClient.CreateAsync(CppArchitecture.X64);
        ProgramResult result = await Windows.RunScriptAsync(FileOf("setup.vbs"));
        Assert.That(result.OutputLines, Is.EqualTo(["set up"]), result.ToString());
    }

    [OneTimeTearDown]
    public async Task End_all()
    {
        if (client is not null)
        {
            await client.DisposeAsync();
        }

        folder.Dispose();
    }

    [Test]
    public async Task Every_property_answers_and_late_and_early_binding_agree()
    {
        IReadOnlyList<string> early = await WalkInCppAsync();
        IReadOnlyList<string> script = await WalkInVisualBasicAsync();
        IReadOnlyList<string> shell = await WalkInPowerShellAsync();

        Assert.That(
            early.Where(line => line.StartsWith("==", StringComparison.Ordinal)).ToArray(),
            Is.EqualTo([.. States.Select(state => $"== {state}"), "== done"]),
            string.Join('\n', early.TakeLast(10)) + "\n--- log\n" + client.ReadLog());
        AssertMetEveryInterface(early);
        Assert.That(early.Where(line => line.EndsWith("(NULL)", StringComparison.Ordinal)), Is.Empty, "strings are never NULL");
        AssertNotImplementedOnlyWhereThePageSaysSo(early);
        AssertSame([.. early.Select(line => LengthOfBytes().Replace(line, "bytes"))], script, "VBScript");
        AssertSame([.. early.Select(AsPowerShellReads)], [.. shell.Select(AsPowerShellReads)], "PowerShell");
    }

    private void AssertMetEveryInterface(IReadOnlyList<string> lines)
    {
        HashSet<string> met = [.. lines.Select(line => line.Split(" : ")).Where(parts => parts.Length == 2).Select(parts => parts[1])];
        Assert.That(
            contract.Interfaces.Where(known => known.IsDual)
                .Select(known => known.Name).Except(NeedNotBeMet).Except(met), Is.Empty, "not met");
    }

    /// <summary>
    /// The compatibility page is true by a test of its own; when nothing on it is E_NOTIMPL any more, nothing may be here.
    /// </summary>
    private static void AssertNotImplementedOnlyWhereThePageSaysSo(IReadOnlyList<string> lines)
    {
        string page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "compatibility.md"));
        HashSet<string> missing = [.. MissingProperty().Matches(page).Select(match => match.Groups["name"].Value)];
        string[] found =
        [
            .. lines.Where(line => line.EndsWith($"! {NotImplemented}", StringComparison.Ordinal))
                .Where(line => !missing.Contains(MemberOf(line[..line.IndexOf(" !", StringComparison.Ordinal)]))),
        ];

        Assert.That(found, Is.Empty);
    }

    /// <summary>The last name of a path of members.</summary>
    private static string MemberOf(string path) => path[(path.LastIndexOf('.') + 1)..];

    private static void AssertSame(IReadOnlyList<string> expected, IReadOnlyList<string> actual, string language)
    {
        string[] differences =
        [
            .. expected.Zip(actual).Where(pair => pair.First != pair.Second).Select(
                pair => $"C++: {pair.First}   {language}: {pair.Second}").Take(40),
        ];

        Assert.That(differences, Is.Empty, string.Join('\n', differences));
        Assert.That(actual, Has.Count.EqualTo(expected.Count), language);
    }

    /// <summary>
    /// In PowerShell a property of a COM object that fails is null, without an error. So failures, nulls and empty texts are one there.
    /// </summary>
    private static string AsPowerShellReads(string line) => NothingForPowerShell().Replace(line, " = ");

    private static string FileOf(string name) => Path.Combine(AppContext.BaseDirectory, "Walks", name);

    private async Task<IReadOnlyList<string>> WalkInCppAsync()
    {
        CppWalkWriter walk = new(contract);
        string source = folder.WriteText(
            "walk.cpp",
            File.ReadAllText(FileOf("prelude.cpp")) + walk.WriteDeclarations() + walk.Write() + File.ReadAllText(FileOf("epilogue.cpp")));
        string program = await CppCompiler.CompileAsync(CppArchitecture.X64, source, folder);
        return (await Windows.RunAsync(program, limit: Limit)).OutputLines;
    }

    private async Task<IReadOnlyList<string>> WalkInVisualBasicAsync()
    {
        string script = folder.WriteText("walk.vbs", File.ReadAllText(FileOf("prelude.vbs")) + new VisualBasicWalkWriter(contract).Write());
        return (await Windows.RunAsync("cscript", ["//nologo", Windows.ToWindowsPath(script)], limit: Limit)).OutputLines;
    }

    private async Task<IReadOnlyList<string>> WalkInPowerShellAsync()
    {
        string script = folder.WriteText("walk.ps1", new PowerShellWalkWriter(contract).Write() + File.ReadAllText(FileOf("prelude.ps1")));
        ProgramResult result = await Windows.RunAsync(
            PublishedProducts.TestTool("PowerShellHost"), [Windows.ToWindowsPath(script)], limit: Limit);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        return result.OutputLines;
    }

    [GeneratedRegex(@"\| (?<name>\w+) get \|[^|]*\| \*\*E_NOTIMPL\*\*")]
    private static partial Regex MissingProperty();

    [GeneratedRegex(@" (! [0-9A-F]+|: Nothing|= \(varies\))$")]
    private static partial Regex NothingForPowerShell();

    /// <summary>Wine's script engine cannot tell the length of an array of bytes.</summary>
    [GeneratedRegex(@"bytes \d+$")]
    private static partial Regex LengthOfBytes();
}
