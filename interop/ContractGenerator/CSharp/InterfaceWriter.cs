using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.CSharp;

/// <summary>Writes the dual interfaces as source-generated COM interfaces, members in the order of their slots.</summary>
internal static class InterfaceWriter
{
    public static IEnumerable<GeneratedFile> Write(Contract contract) => contract.DualInterfaces.Select(Write);

    private static GeneratedFile Write(InterfaceDefinition definition) => CSharpFile.Create(
        definition.Name,
        ["System.Runtime.InteropServices", "System.Runtime.InteropServices.Marshalling"],
        writer =>
        {
            XmlDoc.Summary(writer, definition.Summary);
            writer.Line("[GeneratedComInterface(");
            writer.Indented(() =>
            {
                writer.Line("StringMarshalling = StringMarshalling.Custom,");
                writer.Line("StringMarshallingCustomType = typeof(BStrStringMarshaller),");
                writer.Line("ExceptionToUnmanagedMarshaller = typeof(ComErrorMarshaller))]");
            });
            writer.Line($"[Guid(\"{definition.Iid}\")]");
            writer.Line($"public partial interface {definition.Name} : IDispatch");
            writer.Block(() => writer.Separated(definition.Members, member => WriteMember(writer, definition, member)));
        });

    private static void WriteMember(SourceWriter writer, InterfaceDefinition definition, MemberDefinition member)
    {
        XmlDoc.Member(writer, definition, member);
        CSharpSignature signature = CSharpSignature.Of(member);
        foreach (string attribute in signature.Attributes)
        {
            writer.Line(attribute);
        }

        writer.Line($"{signature.InInterface};");
    }
}
