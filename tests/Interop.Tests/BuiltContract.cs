using VpcComApi.TestSupport;

namespace VpcComApi.Interop.Tests;

/// <summary>Type library and header, built by the platform's own script in a temporary folder.</summary>
internal sealed class BuiltContract : IDisposable
{
    private readonly TestDirectory folder;

    private BuiltContract(TestDirectory folder) => this.folder = folder;

    /// <summary>The type library.</summary>
    public string TypeLibrary => folder.PathOf("VirtualPC.tlb");

    /// <summary>The folder with vpccominterfaces.h and vpccominterfaces_i.c.</summary>
    public string IncludeFolder => folder.PathOf("include");

    /// <summary>Runs the script.</summary>
    public static async Task<BuiltContract> MakeAsync()
    {
        ToolRequirement.Require(
            OperatingSystem.IsWindows() ? ExternalTool.Program("midl", "(none: Visual Studio's C++ tools)") : ExternalTool.Widl);
        TestDirectory folder = new();
        try
        {
            string script = Path.Combine(
                ContractSource.InteropFolder, OperatingSystem.IsWindows() ? "build-typelib.cmd" : "build-typelib.sh");
            ProgramResult result = await RunningProgram.RunAsync(script, [folder.FullPath]);
            Assert.That(result.ExitCode, Is.Zero, result.ToString());
            Assert.That(result.Error, Is.Empty, "The compiler warns.");
            return new BuiltContract(folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public void Dispose() => folder.Dispose();
}
