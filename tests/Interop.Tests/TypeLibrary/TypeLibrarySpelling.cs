namespace VpcComApi.Interop.Tests.TypeLibrary;

/// <summary>
/// A type library keeps one spelling of each word, the first that its compiler meets, and automation ignores case. Two names of the
/// contract are therefore spelled otherwise in the original type library, and here too: a parameter of the same name comes first.
/// </summary>
internal static class TypeLibrarySpelling
{
    /// <summary>The spelling of a coclass.</summary>
    public static string OfClass(string name) => name == "VMParallelPort" ? "vmParallelPort" : name;

    /// <summary>The spelling of a member.</summary>
    public static string OfMember(string interfaceName, string name) =>
        (interfaceName, name) == ("IVMNetworkAdapter", "VirtualNetwork") ? "virtualNetwork" : name;
}
