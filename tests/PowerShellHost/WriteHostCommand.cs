using System.Management.Automation;

namespace VpcComApi.PowerShellHost;

/// <summary>Write-Host, for text alone. See <see cref="NewObjectCommand"/> for the reason why it is here.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
    /// <summary>What to write, a space between two.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    [Alias("Object")]
    public object?[] Message { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteInformation(string.Join(' ', Message), tags: ["PSHOST"]);
}
