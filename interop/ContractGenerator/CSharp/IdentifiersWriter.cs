using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.CSharp;

/// <summary>Writes the identifiers: library, classes, interfaces and ProgIDs.</summary>
internal static class IdentifiersWriter
{
    public static IEnumerable<GeneratedFile> Write(Contract contract) =>
    [
        WriteLibrary(contract.TypeLibrary),
        WriteGuids("Clsids", "Class identifiers.", contract.Coclasses.Select(coclass => (coclass.Name, coclass.Clsid))),
        WriteGuids("Iids", "Interface identifiers.", contract.Interfaces.Select(definition => (definition.Name, definition.Iid))),
        WriteProgIds(contract.ProgrammaticIds),
    ];

    private static GeneratedFile WriteLibrary(TypeLibraryDefinition library) => CSharpFile.Create(
        "Libid",
        [],
        writer =>
        {
            XmlDoc.Summary(writer, "Name, identifier and version of the type library.");
            writer.Line("public static class Libid");
            writer.Block(() =>
            {
                XmlDoc.Summary(writer, "The name of the library.");
                writer.Line($"public const string Name = \"{library.Name}\";");
                writer.Line();
                XmlDoc.Summary(writer, "The major version.");
                writer.Line($"public const ushort MajorVersion = {library.Major};");
                writer.Line();
                XmlDoc.Summary(writer, "The minor version.");
                writer.Line($"public const ushort MinorVersion = {library.Minor};");
                writer.Line();
                WriteGuid(writer, library.Name, library.Libid);
            });
        });

    private static GeneratedFile WriteGuids(string className, string summary, IEnumerable<(string Name, string Guid)> identifiers) =>
        CSharpFile.Create(
            className,
            [],
            writer =>
            {
                XmlDoc.Summary(writer, summary);
                writer.Line($"public static class {className}");
                writer.Block(() => writer.Separated(identifiers, identifier => WriteGuid(writer, identifier.Name, identifier.Guid)));
            });

    private static GeneratedFile WriteProgIds(IEnumerable<ProgrammaticId> programmaticIds) => CSharpFile.Create(
        "ProgIds",
        [],
        writer =>
        {
            XmlDoc.Summary(writer, "The names under which scripts create classes.");
            writer.Line("public static class ProgIds");
            writer.Block(() => writer.Separated(programmaticIds, programmaticId =>
            {
                XmlDoc.Summary(writer, $"Creates {programmaticId.Coclass}.");
                writer.Line($"public const string {programmaticId.Coclass} = \"{programmaticId.Progid}\";");
            }));
        });

    private static void WriteGuid(SourceWriter writer, string name, string guid)
    {
        XmlDoc.Summary(writer, $"{name}, {{{guid}}}.");
        writer.Line($"public static Guid {name} {{ get; }} = new(\"{guid}\");");
    }
}
