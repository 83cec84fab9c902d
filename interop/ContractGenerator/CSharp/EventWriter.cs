using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.CSharp;

/// <summary>Writes the event interfaces: an identifier and the DISPIDs, since a sink has no vtable of its own.</summary>
internal static class EventWriter
{
    public static IEnumerable<GeneratedFile> Write(Contract contract) => contract.EventInterfaces.Select(Write);

    private static GeneratedFile Write(InterfaceDefinition definition)
    {
        // IVMVirtualMachineEvents -> VirtualMachineEventsDispIds
        string className = $"{definition.Name["IVM".Length..]}DispIds";
        return CSharpFile.Create(
            className,
            [],
            writer =>
            {
                XmlDoc.Summary(writer, $"{definition.Name}: {definition.Summary} The numbers are the DISPIDs of the events.");
                writer.Line($"public static class {className}");
                writer.Block(() =>
                {
                    XmlDoc.Summary(writer, $"Identifier of the dispinterface {definition.Name}.");
                    writer.Line($"public static Guid InterfaceId => Iids.{definition.Name};");
                    foreach (MemberDefinition member in definition.Members)
                    {
                        writer.Line();
                        XmlDoc.Summary(writer, $"{member.Name}({string.Join(", ", member.Params.Select(p => $"{p.Type} {p.Name}"))}).");
                        writer.Line($"public const int {member.Name} = {member.Dispid};");
                    }
                });
            });
    }
}
