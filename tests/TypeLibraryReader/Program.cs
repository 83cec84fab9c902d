using System.Text.Json;
using VpcComApi.TypeLibraryReader;

// Usage: TypeLibraryReader FILE            writes what a type library says, as JSON
//        TypeLibraryReader FILE OTHER      writes what only one of two type libraries says; exit code 2 when there is such a thing
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
