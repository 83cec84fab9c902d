using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.CSharp;

/// <summary>Writes XML documentation comments.</summary>
internal static class XmlDoc
{
    /// <summary>Writes a summary.</summary>
    public static void Summary(SourceWriter writer, string text) => writer.Line($"/// <summary>{Escape(text)}</summary>");

    /// <summary>Writes summary, remarks and parameters of a member of an interface.</summary>
    public static void Member(SourceWriter writer, InterfaceDefinition definition, MemberDefinition member)
    {
        Summary(writer, $"{Action(member)} {definition.Name}.{member.Name}{Holds(member)}.");
        writer.Line($"/// <remarks>Slot {member.Slot}, DISPID {FormatDispId(member.Dispid)}.{Answers(member)}</remarks>");
        foreach (ParameterDefinition parameter in member.Params.Where(parameter => member.AnswersSFalse || !parameter.IsReturnValue))
        {
            string direction = parameter.IsIn ? "In" : "Out";
            writer.Line($"/// <param name=\"{parameter.Name}\">{direction}: {parameter.Type}.</param>");
        }

        if (member.AnswersSFalse)
        {
            writer.Line("/// <returns>The HRESULT, which may be S_FALSE.</returns>");
        }
        else if (member.ReturnValue is { } returned)
        {
            writer.Line($"/// <returns>{returned.Name}: {returned.Type[..^1]}.</returns>");
        }
    }

    /// <summary>Formats a DISPID for people: small ones in decimal, the others in hexadecimal.</summary>
    public static string FormatDispId(int dispId) => Math.Abs(dispId) < 0x10000 ? $"{dispId}" : $"0x{dispId:X8}";

    /// <summary>Makes text safe inside XML.</summary>
    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Action(MemberDefinition member) => member.Kind switch
    {
        "propget" => "Reads",
        "propput" => "Writes",
        "method" => "Calls",
        _ => throw new InvalidOperationException($"A vtable holds no '{member.Kind}'."),
    };

    private static string Holds(MemberDefinition member) =>
        member.VariantContent is { } content ? $"; the VARIANT holds: {content.Holds}" : "";

    private static string Answers(MemberDefinition member)
    {
        string text = "";
        if (member.DocumentedHresults is { Count: > 0 } hresults)
        {
            text += $" Documented HRESULTs: {string.Join(", ", hresults.Select(hresult => hresult.Name))}.";
        }

        if (member.DocumentedTaskErrors is { Count: > 0 } errors)
        {
            text += $" Documented errors of the task: {string.Join(", ", errors.Select(hresult => hresult.Name))}.";
        }

        return text;
    }
}
