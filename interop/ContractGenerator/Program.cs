using VpcComApi.ContractGenerator;

// Usage: dotnet run --project interop/ContractGenerator [folder]
// The folder is `interop`; without it, the one that holds contract/vpc-api.json, from the current directory upwards.
var interopFolder = args.Length > 0 ? Path.GetFullPath(args[0]) : InteropFolder.Find(Directory.GetCurrentDirectory());
var contract = ContractReader.Read(Path.Combine(interopFolder, "contract", "vpc-api.json"));

// A type that left the contract must not stay behind as a file.
var csharpFolder = Path.Combine(interopFolder, ContractOutput.CSharpFolder);
if (Directory.Exists(csharpFolder))
{
    Directory.Delete(csharpFolder, recursive: true);
}

var files = ContractOutput.Generate(contract);
foreach (var file in files)
{
    var path = Path.Combine(interopFolder, file.Path);
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    File.WriteAllText(path, file.Text);
}

Console.WriteLine($"{files.Count} files written below {interopFolder}");
