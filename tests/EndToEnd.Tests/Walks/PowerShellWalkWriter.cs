using System.Text;
using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.EndToEnd.Tests.Walks;

/// <summary>The walk in PowerShell.</summary>
/// <param name="contract">The contract.</param>
internal sealed class PowerShellWalkWriter(Contract contract) : WalkWriter(contract)
{
    /// <inheritdoc/>
    protected override void WriteInterface(StringBuilder text, InterfaceDefinition walked)
    {
        text.Append($"function Walk_{walked.Name}($target, $path) {{\n");
        foreach (MemberDefinition member in PropertiesOf(walked))
        {
            string place = $"\"$path.{member.Name}\"";
            string varies = Varies(walked, member) ? "$true" : "$false";
            text.Append("    try {\n");
            if (IsEnumerator(member))
            {
                text.Append($"        $count = 0\n        foreach ($element in $target) {{ $count++ }}\n        Write-Value {place} "
                    + $"{varies} $count\n");
            }
            else if (LeadsToObject(member))
            {
                string next = member.ReturnValue!.BaseType;
                string walk = IsEntered(walked, member) ? $"; Walk_{next} $child {place}" : "";
                text.Append($"        $child = $target.{member.Name}\n");
                text.Append($"        if ($null -eq $child) {{ [Console]::WriteLine({place} + ' : Nothing') }}\n");
                text.Append($"        else {{ [Console]::WriteLine({place} + ' : {next}'){walk} }}\n");
            }
            else
            {
                text.Append($"        $value = $target.{member.Name}\n        Write-Value {place} {varies} $value\n");
            }

            text.Append($"    }} catch {{ Write-Failure {place} $_ }}\n");
        }

        if (ElementOf(walked) is { } element)
        {
            text.Append($"    for ($index = 1; $index -le [Math]::Min({EnteredElements(walked)}, $target.Count); $index++) {{\n");
            text.Append($"        try {{\n            $child = $target.Item($index)\n");
            text.Append($"            [Console]::WriteLine(\"$path($index) : {element}\")\n");
            text.Append($"            Walk_{element} $child \"$path($index)\"\n");
            text.Append($"        }} catch {{ Write-Failure \"$path($index)\" $_ }}\n    }}\n");
        }

        text.Append("}\n\n");
    }
}
