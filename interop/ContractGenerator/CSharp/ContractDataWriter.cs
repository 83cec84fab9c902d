using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.CSharp;

/// <summary>Writes the contract as data, for registration, class information and tables in the documentation.</summary>
internal static class ContractDataWriter
{
    public static IEnumerable<GeneratedFile> Write(Contract contract) =>
    [
        WriteList(
            "ContractInterfaces",
            "Every interface of the contract.",
            "ContractInterface",
            contract.Interfaces.Select(definition =>
                $"new(\"{definition.Name}\", Iids.{definition.Name}, {Bool(definition.IsDual)}, {Bool(definition.Hidden)})")),
        WriteList(
            "ContractMembers",
            "Every member of every interface, in the order of the contract.",
            "ContractMember",
            contract.Interfaces.SelectMany(definition => definition.Members.Select(member => FormatMember(definition, member)))),
        WriteList(
            "ContractCoclasses",
            "Every class of the contract.",
            "ContractCoclass",
            contract.Coclasses.Select(FormatCoclass)),
    ];

    private static GeneratedFile WriteList(string className, string summary, string itemType, IEnumerable<string> items) =>
        CSharpFile.Create(
            className,
            [],
            writer =>
            {
                XmlDoc.Summary(writer, summary);
                writer.Line($"public static class {className}");
                writer.Block(() =>
                {
                    XmlDoc.Summary(writer, summary);
                    writer.Line($"public static IReadOnlyList<{itemType}> All {{ get; }} =");
                    writer.Line("[");
                    writer.Indented(() =>
                    {
                        foreach (string item in items)
                        {
                            writer.Line($"{item},");
                        }
                    });
                    writer.Line("];");
                });
            });

    private static string FormatMember(InterfaceDefinition definition, MemberDefinition member)
    {
        string kind = member.Kind switch
        {
            "method" => "Method",
            "propget" => "PropertyGet",
            "propput" => "PropertyPut",
            "event" => "Event",
            _ => throw new InvalidDataException($"{definition.Name}.{member.Name} is of the unknown kind '{member.Kind}'."),
        };
        string slot = member.Slot is { } number ? $"{number}" : "null";
        return $"new(\"{definition.Name}\", \"{member.Name}\", \"{member.VtblName ?? member.Name}\", "
            + $"ContractMemberKind.{kind}, {member.Dispid}, {slot})";
    }

    private static string FormatCoclass(CoclassDefinition coclass)
    {
        string source = coclass.DefaultSourceInterface is { } name ? $"Iids.{name}" : "null";
        return $"new(\"{coclass.Name}\", Clsids.{coclass.Name}, Iids.{coclass.DefaultInterface}, {source}, "
            + $"{Bool(coclass.Creatable)}, {Bool(coclass.Appobject)}, {Bool(coclass.Predeclid)})";
    }

    private static string Bool(bool value) => value ? "true" : "false";
}
