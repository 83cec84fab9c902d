using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.BuildScripts;

/// <summary>Which IDL compiler interop/build-typelib.sh takes, and what publishing does without one.</summary>
[TestFixture]
[Platform(Exclude = "Win", Reason = "On Windows the type library is made by MIDL.")]
internal sealed class TypeLibraryScriptTests
{
    private const string Broken = "echo 'error: Unable to open include file oaidl.idl' >&2; exit 1";

    private TestDirectory folder = null!;

    [SetUp]
    public void Make_a_folder()
    {
        ToolRequirement.Require(ExternalTool.Widl, ExternalTool.Program("x86_64-w64-mingw32-widl", "mingw-w64-tools"));
        folder = new TestDirectory();
        BuildScript.WriteProgram(folder, "first/widl", Broken);
        BuildScript.WriteProgram(folder, "both/widl", Broken);
        BuildScript.WriteProgram(folder, "both/x86_64-w64-mingw32-widl", Broken);
    }

    [TearDown]
    public void Delete_all() => folder?.Dispose();

    [Test]
    public async Task A_compiler_that_cannot_work_here_is_passed_over_for_one_that_can()
    {
        ProgramResult result = await BuildScript.RunAsync(
            "interop/build-typelib.sh \"$1\"", [folder.PathOf("made")], folder.PathOf("first"));

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(File.Exists(folder.PathOf("made", "VirtualPC.tlb")), Is.True);
    }

    [Test]
    public async Task Without_any_working_compiler_publishing_leaves_the_library_out_and_says_so()
    {
        ProgramResult result = await BuildScript.RunAsync("publish_contract; echo went on", [], folder.PathOf("both"));

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output.TrimEnd(), Is.EqualTo("went on"));
        Assert.That(result.Error, Does.Contain("VirtualPC.tlb").And.Contain("apt-get install"));
    }
}
