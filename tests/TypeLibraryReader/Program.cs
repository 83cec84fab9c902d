using System.Text.Json;
using VpcComApi.TypeLibraryReader;

// Usage: TypeLibraryReader FILE
if (args.Length != 1)
{
    Console.Error.WriteLine("usage: TypeLibraryReader FILE");
    return 1;
}

var library = LibraryReader.Read(args[0]);
Console.WriteLine(JsonSerializer.Serialize(library, DescriptionJson.Default.LibraryDescription));
return 0;
