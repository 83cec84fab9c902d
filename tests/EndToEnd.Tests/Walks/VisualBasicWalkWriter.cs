using System.Text;
using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.EndToEnd.Tests.Walks;

/// <summary>The walk in VBScript.</summary>
/// <param name="contract">The contract.</param>
internal sealed class VisualBasicWalkWriter(Contract contract) : WalkWriter(contract)
{
    /// <inheritdoc/>
    protected override void WriteInterface(StringBuilder text, InterfaceDefinition walked)
    {
        text.Append($"Sub Walk_{walked.Name}(target, path)\n    Dim value, child, index\n    On Error Resume Next\n");
        foreach (MemberDefinition member in PropertiesOf(walked))
        {
            string place = $"path & \".{member.Name}\"";
            text.Append("    Err.Clear\n");
            if (IsEnumerator(member))
            {
                text.Append($"    value = CountOf(target)\n    Report {place}, {Varies(walked, member)}, value\n");
            }
            else if (LeadsToObject(member))
            {
                string next = member.ReturnValue!.BaseType;
                text.Append($"    Set child = Nothing\n    Set child = target.{member.Name}\n");
                text.Append($"    If Leads({place}, \"{next}\", child) Then "
                    + $"{(IsEntered(walked, member) ? $"Walk_{next} child, {place}" : "Err.Clear")}\n");
            }
            else
            {
                text.Append($"    value = Empty\n    value = target.{member.Name}\n    Report {place}, {Varies(walked, member)}, value\n");
            }
        }

        if (ElementOf(walked) is { } element)
        {
            text.Append($"    For index = 1 To {EnteredElements(walked)}\n        If index > target.Count Then Exit For\n");
            text.Append("        Err.Clear\n        Set child = Nothing\n        Set child = target.Item(index)\n");
            text.Append($"        If Leads(path & \"(\" & index & \")\", \"{element}\", child) Then Walk_{element} child, path & \"(\" & "
                + "index & \")\"\n    Next\n");
        }

        text.Append("End Sub\n\n");
    }
}
