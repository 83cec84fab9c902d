using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.CSharp;

/// <summary>Writes the structures, laid out field by field at the offsets of the contract.</summary>
internal static class StructWriter
{
    public static IEnumerable<GeneratedFile> Write(Contract contract) => contract.Structs.Select(Write);

    private static GeneratedFile Write(StructDefinition definition) => CSharpFile.Create(
        definition.Name,
        ["System.Runtime.InteropServices"],
        writer =>
        {
            XmlDoc.Summary(writer, $"The structure {definition.Name} of the type library: {definition.Size} bytes.");
            writer.Line($"[StructLayout(LayoutKind.Explicit, Size = {definition.Size}, CharSet = CharSet.Unicode)]");
            writer.Line($"public unsafe struct {definition.Name}");
            writer.Block(() => writer.Separated(definition.Fields, field =>
            {
                XmlDoc.Summary(writer, $"{field.Name} at offset {field.Offset}.");
                writer.Line($"[FieldOffset({field.Offset})]");
                writer.Line(field.Count is { } count
                    ? $"public fixed {TypeOf(field)} {field.Name}[{count}];"
                    : $"public {TypeOf(field)} {field.Name};");
            }));
        });

    private static string TypeOf(StructField field) => field.Type switch
    {
        "byte" => "byte",
        "long" => "int",
        "short" => "short",
        "wchar_t" => "char",
        _ => throw new InvalidDataException($"The field {field.Name} has the type {field.Type}, for which no C# type is known."),
    };
}
