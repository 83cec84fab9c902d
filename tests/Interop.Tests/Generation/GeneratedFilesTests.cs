using VpcComApi.ContractGenerator;

namespace VpcComApi.Interop.Tests.Generation;

/// <summary>The committed files are those that the generator writes.</summary>
[TestFixture]
public sealed class GeneratedFilesTests
{
    private const string HowToRepair = "Run: dotnet run --project interop/ContractGenerator";

    private static readonly IReadOnlyList<GeneratedFile> Files = ContractOutput.Generate(ContractSource.Contract);

    [Test]
    public void Every_generated_file_is_committed_as_the_generator_writes_it()
    {
        foreach (GeneratedFile file in Files)
        {
            string path = Path.Combine(ContractSource.InteropFolder, file.Path);
            Assert.That(path, Does.Exist, HowToRepair);
            Assert.That(
                File.ReadAllText(path).ReplaceLineEndings("\n"), Is.EqualTo(file.Text), $"{file.Path} is not current. {HowToRepair}");
        }
    }

    [Test]
    public void No_other_file_is_in_the_folder_of_the_generated_ones()
    {
        IEnumerable<string> present = Directory.EnumerateFiles(Path.Combine(ContractSource.InteropFolder, ContractOutput.CSharpFolder))
            .Select(path => $"{ContractOutput.CSharpFolder}/{Path.GetFileName(path)}");

        Assert.That(present, Is.SubsetOf(Files.Select(file => file.Path)), HowToRepair);
    }

    [Test]
    public void The_generator_writes_the_same_files_each_time() =>
        Assert.That(ContractOutput.Generate(ContractSource.Contract), Is.EqualTo(Files));
}
