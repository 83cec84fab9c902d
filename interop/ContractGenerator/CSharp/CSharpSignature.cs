using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.CSharp;

/// <summary>The C# signature of a member of a dual interface.</summary>
/// <remarks>
/// A member returns its value and throws on failure. A member that may answer S_FALSE cannot be written so: it keeps the vtable's own
/// form (PreserveSig), in which the HRESULT is the result and the value an out parameter.
/// </remarks>
internal sealed class CSharpSignature
{
    private readonly MemberDefinition member;

    private CSharpSignature(MemberDefinition member) => this.member = member;

    /// <summary>The attributes on the lines before the method in the interface.</summary>
    public IEnumerable<string> Attributes
    {
        get
        {
            if (member.AnswersSFalse)
            {
                yield return "[PreserveSig]";
            }
            else if (member.ReturnValue is { } returned && CSharpType.MarshallingOf(returned) is { } marshalling)
            {
                yield return $"[return: {marshalling}]";
            }
        }
    }

    /// <summary>The signature with marshalling, for the interface, without the semicolon.</summary>
    public string InInterface => Format(withMarshalling: true);

    /// <summary>The signature without marshalling, for a class that implements the interface.</summary>
    public string InClass => Format(withMarshalling: false);

    /// <summary>The signature of a member.</summary>
    public static CSharpSignature Of(MemberDefinition member) => new(member);

    private string Format(bool withMarshalling)
    {
        string result = member.AnswersSFalse ? "int"
            : member.ReturnValue is { } returned ? CSharpType.Of(returned, nullable: false)
            : "void";
        IEnumerable<string> parameters = member.Params
            .Where(parameter => member.AnswersSFalse || !parameter.IsReturnValue)
            .Select(parameter => FormatParameter(parameter, withMarshalling));
        return $"{result} {member.VtableName}({string.Join(", ", parameters)})";
    }

    private static string FormatParameter(ParameterDefinition parameter, bool withMarshalling)
    {
        string marshalling = withMarshalling && CSharpType.MarshallingOf(parameter) is { } attribute ? $"[{attribute}] " : "";
        string direction = parameter.IsIn || CSharpType.IsCallerAllocated(parameter) ? "" : "out ";
        return $"{marshalling}{direction}{CSharpType.Of(parameter, nullable: true)} {parameter.Name}";
    }
}
