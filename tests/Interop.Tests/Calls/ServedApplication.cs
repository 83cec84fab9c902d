using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop.Tests.Calls;

/// <summary>An application object that overrides a few members: what a server's adapter looks like.</summary>
[GeneratedComClass]
internal sealed partial class ServedApplication() : VMVirtualPCBase(new NoDispatcher())
{
    private readonly ServedMachine machine = new();

    public string? DefaultPath { get; private set; } = "never set";

    public object? ConfigurationValue { get; private set; }

    public override string get_Name() => "Windows Virtual PC";

    public override int get_UpTime() => throw new InvalidOperationException("The clock stopped.") { HResult = HResults.VM_E_VM_UNKNOWN };

    public override void put_DefaultVMConfigurationPath(string? configurationPath) => DefaultPath = configurationPath;

    public override object? GetConfigurationValue(string? preferenceKey) => ConfigurationValue;

    public override void SetConfigurationValue(string? preferenceKey, object? preferenceValue) => ConfigurationValue = preferenceValue;

    public override int FindVirtualMachine(string? configurationName, out IVMVirtualMachine? virtualMachine)
    {
        virtualMachine = configurationName == "Windows XP Mode" ? machine : null;
        return virtualMachine is null ? HResults.S_FALSE : HResults.S_OK;
    }
}
