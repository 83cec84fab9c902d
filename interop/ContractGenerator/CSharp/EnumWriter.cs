using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.CSharp;

/// <summary>Writes the enumerations.</summary>
internal static class EnumWriter
{
    public static IEnumerable<GeneratedFile> Write(Contract contract) => contract.Enums.Select(Write);

    private static GeneratedFile Write(EnumDefinition definition) => CSharpFile.Create(
        definition.Name,
        ["System.Runtime.InteropServices"],
        writer =>
        {
            XmlDoc.Summary(writer, $"The enumeration {definition.Name} of the type library.");
            writer.Line($"[Guid(\"{definition.Uuid}\")]");
            writer.Line($"public enum {definition.Name}");
            writer.Block(() => writer.Separated(definition.Members, member =>
            {
                XmlDoc.Summary(writer, $"{member.Name} = {member.Value}.");
                writer.Line($"{member.Name} = {member.Value},");
            }));
        });
}
