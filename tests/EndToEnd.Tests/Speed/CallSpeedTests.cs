using System.Globalization;
using VpcComApi.ContractGenerator;
using VpcComApi.EndToEnd.Tests.ComServer;
using VpcComApi.EndToEnd.Tests.Cpp;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.Speed;

/// <summary>
/// What late-bound calls cost, beside a C++ local server that does nothing, in one run: see calls.cpp. A read that answers an object takes
/// one call more than one that answers a text, to let go of it; so the bound is on reads alike, and the ratio to texts alone is written out
/// beside it. A measurement wants a quiet machine, so it is started by name; the figures stand in docs/vpc.md.
/// </summary>
[TestFixture]
[Explicit("A measurement, for a quiet machine.")]
internal sealed class CallSpeedTests
{
    private const int Machines = 100;
    private const int Rounds = 5;
    private const double MostRatio = 1.5;
    private const string EmptyServerKey = @"HKLM\Software\Classes\CLSID\{5B3C2E7A-7D51-4E1B-9C0B-6C6D1F0A9E11}\LocalServer32";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Test]
    public async Task Reading_every_property_of_a_hundred_machines_costs_little_more_than_calling_an_empty_server()
    {
        await using ComClient client = await ComClient.CreateAsync(CppArchitecture.X64);
        using TestDirectory folder = new();
        string program = await CppCompiler.CompileAsync(
            CppArchitecture.X64, Path.Combine(AppContext.BaseDirectory, "Speed", "calls.cpp"), folder, "-O2");
        await client.Windows.RunAsync("reg", ["add", EmptyServerKey, "/ve", "/d", client.Windows.ToWindowsPath(program) + " serve", "/f"]);
        await using RunningProgram server = client.Windows.Start(program, "serve");
        await server.WaitForOutputAsync("serving");
        ProgramResult made = await client.Windows.RunAsync(program, ["make", $"{Machines}"], limit: Limit);
        Assert.That(made.OutputLines, Is.EqualTo([$"machines: {Machines}"]), made.ToString());

        ProgramResult measured = await client.Windows.RunAsync(program, ["measure", $"{Rounds}", .. PropertiesOfMachines()], limit: Limit);

        TestContext.Out.WriteLine(measured);
        double ratio = double.Parse(measured.OutputLines[^1].Split(' ')[^1], CultureInfo.InvariantCulture);
        Assert.That(ratio, Is.LessThanOrEqualTo(MostRatio), measured.ToString());
    }

    private static IEnumerable<string> PropertiesOfMachines() =>
        ContractReader.Read(Path.Combine(InteropFolder.Find(RepositoryPaths.Root), "contract", "vpc-api.json"))
            .Interfaces.Single(candidate => candidate.Name == "IVMVirtualMachine")
            .Members.Where(member => member.Kind == "propget" && member.Params.All(parameter => parameter.IsReturnValue))
            .Select(member => member.Name);
}
