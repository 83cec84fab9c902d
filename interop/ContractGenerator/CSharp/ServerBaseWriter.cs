using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.CSharp;

/// <summary>
/// Writes, for each dual interface, the class that a server derives from: every member answers E_NOTIMPL until it is overridden.
/// </summary>
internal static class ServerBaseWriter
{
    public static IEnumerable<GeneratedFile> Write(Contract contract) => contract.DualInterfaces.Select(Write);

    private static GeneratedFile Write(InterfaceDefinition definition)
    {
        string className = $"{definition.NameWithoutPrefix}Base";
        return CSharpFile.Create(
            className,
            [],
            writer =>
            {
                XmlDoc.Summary(
                    writer, $"Base of a class that serves {definition.Name}; a member that is not overridden answers E_NOTIMPL.");
                writer.Line("/// <param name=\"dispatcher\">Answers late-bound calls.</param>");
                writer.Line($"public abstract class {className}(IDispatcher dispatcher) : DispatchBase(dispatcher), {definition.Name}");
                writer.Block(() =>
                {
                    writer.Line("/// <inheritdoc/>");
                    writer.Line($"public sealed override Guid DispatchInterfaceId => Iids.{definition.Name};");
                    foreach (MemberDefinition member in definition.Members)
                    {
                        writer.Line();
                        WriteMember(writer, definition, member);
                    }
                });
            });
    }

    private static void WriteMember(SourceWriter writer, InterfaceDefinition definition, MemberDefinition member)
    {
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public virtual {CSharpSignature.Of(member).InClass} =>");
        writer.Indented(() => writer.Line($"throw new MemberNotImplementedException(\"{definition.Name}\", \"{member.VtableName}\");"));
    }
}
