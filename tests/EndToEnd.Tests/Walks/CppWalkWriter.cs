using System.Text;
using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.EndToEnd.Tests.Walks;

/// <summary>The walk in C++, through the vtables.</summary>
/// <param name="contract">The contract.</param>
internal sealed class CppWalkWriter(Contract contract) : WalkWriter(contract)
{
    private readonly Contract contract = contract;

    /// <summary>The declarations of all routines, which call each other.</summary>
    public string WriteDeclarations() => string.Concat(contract.Interfaces
        .Where(candidate => candidate.IsDual)
        .Select(walked => $"static void Walk_{walked.Name}({walked.Name}* target, const std::string& path);\n"));

    /// <inheritdoc/>
    protected override void WriteInterface(StringBuilder text, InterfaceDefinition walked)
    {
        text.Append($"static void Walk_{walked.Name}({walked.Name}* target, const std::string& path)\n{{\n");
        foreach (MemberDefinition member in PropertiesOf(walked))
        {
            string place = $"path + \".{member.Name}\"";
            string varies = Varies(walked, member) ? "true" : "false";
            text.Append("    {\n");
            if (IsEnumerator(member))
            {
                text.Append($"        IUnknown* elements = nullptr;\n        HRESULT result = target->{member.VtableName}(&elements);\n");
                text.Append(Varies(walked, member)
                    ? $"        long none = 0;\n        Report({place}, true, result, none);\n        if (SUCCEEDED(result)) "
                        + "elements->Release();\n"
                    : $"        ReportElements({place}, result, elements);\n");
            }
            else if (LeadsToObject(member))
            {
                string next = member.ReturnValue!.BaseType;
                text.Append($"        {next}* child = nullptr;\n        HRESULT result = target->{member.VtableName}(&child);\n");
                text.Append($"        if (Leads({place}, \"{next}\", result, child))\n        {{\n");
                text.Append(IsEntered(walked, member) ? $"            Walk_{next}(child, {place});\n" : "");
                text.Append("            child->Release();\n        }\n");
            }
            else if (member.ReturnValue!.BaseType == "DATE")
            {
                text.Append(
                    $"        DATE value = 0;\n        long none = 0;\n        HRESULT result = target->{member.VtableName}(&value);\n");
                text.Append($"        Report({place}, true, result, none);\n");
            }
            else
            {
                WriteValue(text, member, place, varies);
            }

            text.Append("    }\n");
        }

        if (ElementOf(walked) is { } element)
        {
            text.Append($"    long count = 0;\n    target->get_Count(&count);\n    for (long index = 1; index <= {EnteredElements(walked)} "
                + $"&& index <= count; index++)\n    {{\n");
            text.Append(
                $"        std::string place = path + \"(\" + std::to_string(index) + \")\";\n        {element}* child = nullptr;\n");
            text.Append($"        HRESULT result = target->get_Item(index, &child);\n        if (Leads(place, \"{element}\", result, "
                + $"child))\n        {{\n");
            text.Append($"            Walk_{element}(child, place);\n            child->Release();\n        }}\n    }}\n");
        }

        text.Append("}\n\n");
    }

    private static void WriteValue(StringBuilder text, MemberDefinition member, string place, string varies)
    {
        bool isEnum = member.ReturnValue!.Category == "enum";
        string type = member.ReturnValue.BaseType;
        text.Append($"        {type} value{(type == "VARIANT" ? "" : $" = {(isEnum ? $"({type})0" : "0")}")};\n");
        text.Append(type == "VARIANT" ? "        VariantInit(&value);\n" : "");
        text.Append($"        HRESULT result = target->{member.VtableName}(&value);\n");
        text.Append(isEnum
            ? $"        long number = value;\n        Report({place}, {varies}, result, number);\n"
            : $"        Report({place}, {varies}, result, value);\n");
    }
}
