using System.Text.Json;
using VpcComApi.TypeLibraryReader;

// Usage: TypeLibraryReader FILE            writes the content of a type library as JSON
//        TypeLibraryReader FILE OTHER      writes the differences of two type libraries; exit code 2 when there are any
if (args.Length is < 1 or > 2)
{
    Console.Error.WriteLine("usage: TypeLibraryReader FILE [OTHER]");
    return 1;
}

LibraryDescription library = LibraryReader.Read(args[0]);
if (args.Length == 1)
{
    Console.WriteLine(JsonSerializer.Serialize(library, DescriptionJson.Default.LibraryDescription));
    return 0;
}

IReadOnlyList<string> differences = LibraryComparison.Differences(library, LibraryReader.Read(args[1]));
foreach (string known in LibraryComparison.Known)
{
    Console.WriteLine($"not compared: {known}");
}

foreach (string difference in differences)
{
    Console.WriteLine(difference);
}

Console.WriteLine($"{LibraryComparison.Facts(library).Count()} facts, {differences.Count} differences");
return differences.Count == 0 ? 0 : 2;
