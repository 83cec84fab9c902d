using VpcComApi.TestSupport;

namespace VpcComApi.Interop.Tests.Header;

/// <summary>
/// C and C++ code written for the SDK's header compiles with ours, for 32 and for 64 bits, and finds the same contract in it.
/// </summary>
[TestFixture]
public sealed class HeaderTests
{
    private static readonly string[] Strict = ["-Wall", "-Wextra", "-Werror"];

    private BuiltContract built = null!;
    private TestDirectory folder = null!;
    private WineEnvironment? wine;

    [OneTimeSetUp]
    public async Task MakeHeader()
    {
        ToolRequirement.Require(ExternalTool.MingwX64, ExternalTool.MingwX86, ExternalTool.Wine);
        built = await BuiltContract.MakeAsync();
        folder = new TestDirectory();
        wine = await WineEnvironment.CreateAsync();
    }

    [OneTimeTearDown]
    public async Task CleanUp()
    {
        folder?.Dispose();
        built?.Dispose();
        if (wine is not null)
        {
            await wine.DisposeAsync();
        }
    }

    [TestCase("x86_64")]
    [TestCase("i686")]
    public async Task A_program_that_defines_the_GUIDs_itself_finds_the_contract(string processor)
    {
        string source = folder.WriteText($"initguid-{processor}.cpp", CppProbe.Write(ContractSource.Contract, definesGuids: true));
        string program = await CompileAsync(processor, "g++", "-std=c++11", source);

        await AssertNoDifferenceAsync(processor, program);
    }

    [TestCase("x86_64")]
    [TestCase("i686")]
    public async Task A_program_that_links_the_GUIDs_finds_the_contract(string processor)
    {
        string source = folder.WriteText($"linked-{processor}.cpp", CppProbe.Write(ContractSource.Contract, definesGuids: false));
        string guids = folder.PathOf($"guids-{processor}.o");
        await RunCompilerAsync(processor, "gcc", ["-c", Path.Combine(built.IncludeFolder, "vpccominterfaces_i.c"), "-o", guids]);
        string program = await CompileAsync(processor, "g++", "-std=c++17", source, guids);

        await AssertNoDifferenceAsync(processor, program);
    }

    [TestCase("x86_64")]
    [TestCase("i686")]
    public async Task A_C_program_finds_the_vtables_of_the_contract(string processor)
    {
        string source = folder.WriteText($"vtables-{processor}.c", CProbe.Write(ContractSource.Contract));

        await RunCompilerAsync(processor, "gcc", ["-std=c11", "-c", source, "-o", folder.PathOf($"vtables-{processor}.o")]);
    }

    private async Task<string> CompileAsync(string processor, string compiler, params string[] arguments)
    {
        string program = folder.PathOf($"{Guid.NewGuid():N}.exe");
        await RunCompilerAsync(processor, compiler, [.. arguments, "-static", "-o", program, "-lole32", "-loleaut32", "-luuid"]);
        return program;
    }

    private async Task RunCompilerAsync(string processor, string compiler, string[] arguments)
    {
        ProgramResult result = await RunningProgram.RunAsync(
            $"{processor}-w64-mingw32-{compiler}",
            [.. Strict, $"-I{built.IncludeFolder}", .. arguments],
            limit: TimeSpan.FromMinutes(2));
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
    }

    private async Task AssertNoDifferenceAsync(string processor, string program)
    {
        if (processor == "i686")
        {
            ToolRequirement.Require(ExternalTool.Wine32);
        }

        ProgramResult result = await wine!.RunAsync(program);
        Assert.That(result.Output, Is.EqualTo("0 differences\n"), result.ToString());
    }
}
