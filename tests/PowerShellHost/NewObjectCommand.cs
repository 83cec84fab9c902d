using System.Management.Automation;

namespace VpcComApi.PowerShellHost;

/// <summary>
/// New-Object, for a COM class or a .NET class. PowerShell's own stands in Microsoft.PowerShell.Commands.Utility, which is not in the
/// package registry; the binding of the object's members, which is what the tests are about, is all PowerShell's.
/// </summary>
[Cmdlet(VerbsCommon.New, "Object", DefaultParameterSetName = NetSet)]
public sealed class NewObjectCommand : PSCmdlet
{
    private const string ComSet = "Com";
    private const string NetSet = "Net";

    /// <summary>The ProgID of a COM class.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ComSet)]
    public string ComObject { get; set; } = string.Empty;

    /// <summary>
    /// Refuses a class that has an interop assembly. There are none here, so it has no effect; public scripts use it.
    /// </summary>
    [Parameter(ParameterSetName = ComSet)]
    public SwitchParameter Strict { get; set; }

    /// <summary>The name of a .NET class.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NetSet)]
    public string TypeName { get; set; } = string.Empty;

    /// <summary>The arguments of its constructor.</summary>
    [Parameter(Position = 1, ParameterSetName = NetSet)]
    public object[] ArgumentList { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(ParameterSetName == ComSet ? CreateComObject() : CreateNetObject());

    private object? CreateComObject()
    {
        if (!OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("COM objects exist on Windows only.");
        }

        return Activator.CreateInstance(Type.GetTypeFromProgID(ComObject, throwOnError: true)!);
    }

    private object? CreateNetObject() => Activator.CreateInstance(LanguagePrimitives.ConvertTo<Type>(TypeName), ArgumentList);
}
