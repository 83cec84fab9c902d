namespace VpcComApi.Interop;

/// <summary>A member of the contract was called that this version of the server does not implement yet. Its HRESULT is E_NOTIMPL.</summary>
public sealed class MemberNotImplementedException : NotImplementedException
{
    private const int NotImplemented = unchecked((int)0x80004001);

    /// <summary>Names the member.</summary>
    /// <param name="interfaceName">The interface, for example <c>IVMVirtualMachine</c>.</param>
    /// <param name="vtableName">The name in the vtable, for example <c>AddHardDiskConnection</c> or <c>put_Undoable</c>.</param>
    public MemberNotImplementedException(string interfaceName, string vtableName)
        : base(Describe(interfaceName, vtableName)) => HResult = NotImplemented;

    private static string Describe(string interfaceName, string vtableName) => vtableName switch
    {
        ['g', 'e', 't', '_', .. var name] => $"{interfaceName}.{name} cannot be read: it is not implemented yet.",
        ['p', 'u', 't', '_', .. var name] => $"{interfaceName}.{name} cannot be set: it is not implemented yet.",
        _ => $"{interfaceName}.{vtableName} is not implemented yet.",
    };
}
