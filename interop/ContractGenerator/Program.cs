using VpcComApi.ContractGenerator;
using VpcComApi.ContractGenerator.Model;

// Usage: dotnet run --project interop/ContractGenerator [folder]
// The folder is `interop`; without it, the one that holds contract/vpc-api.json, from the current directory upwards.
string interopFolder = args.Length > 0 ? Path.GetFullPath(args[0]) : InteropFolder.Find(Directory.GetCurrentDirectory());
Contract contract = ContractReader.Read(Path.Combine(interopFolder, "contract", "vpc-api.json"));

// The files of types that were removed from the contract are deleted.
string csharpFolder = Path.Combine(interopFolder, ContractOutput.CSharpFolder);
if (Directory.Exists(csharpFolder))
{
    Directory.Delete(csharpFolder, recursive: true);
}

IReadOnlyList<GeneratedFile> files = ContractOutput.Generate(contract);
foreach (GeneratedFile file in files)
{
    string path = Path.Combine(interopFolder, file.Path);
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    File.WriteAllText(path, file.Text);
}

Console.WriteLine($"{files.Count} files written below {interopFolder}");
