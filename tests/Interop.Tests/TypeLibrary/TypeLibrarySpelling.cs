namespace VpcComApi.Interop.Tests.TypeLibrary;

/// <summary>
/// A type library stores one spelling of each name, the first that its compiler reads, and automation ignores case. Two names of the
/// contract are therefore spelled differently in the original type library, and here too, because a parameter of the same name precedes
/// them.
/// </summary>
internal static class TypeLibrarySpelling
{
    /// <summary>The spelling of a coclass.</summary>
    public static string OfClass(string name) => name == "VMParallelPort" ? "vmParallelPort" : name;

    /// <summary>The spelling of a member.</summary>
    public static string OfMember(string interfaceName, string name) =>
        (interfaceName, name) == ("IVMNetworkAdapter", "VirtualNetwork") ? "virtualNetwork" : name;
}
