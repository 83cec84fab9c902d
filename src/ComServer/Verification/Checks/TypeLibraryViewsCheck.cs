using System.Runtime.InteropServices;
using Microsoft.Win32;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>
/// Whether 32-bit and 64-bit programs find the marshaller and the type library of every interface, in the merged view that COM reads.
/// </summary>
internal sealed class TypeLibraryViewsCheck : IVerificationCheck
{
    private const int MostNamed = 5;

    /// <inheritdoc/>
    public string Name => "type-library-views";

    /// <inheritdoc/>
    public string Claim =>
        "32-bit and 64-bit programs find the marshaller and the type library of every interface, and the library loads by its identifier.";

    /// <inheritdoc/>
    public string? KnownUnderWine => null;

    /// <inheritdoc/>
    public CheckResult Run()
    {
        if (RegisteredProduct.All.Count == 0)
        {
            return CheckResult.NotApplicable(RegisteredProduct.NotRegistered, RegisteredProduct.HowToRegister);
        }

        int loading = TypeLibrary.LoadRegTypeLib(
            Libid.VirtualPC, (ushort)Libid.MajorVersion, (ushort)Libid.MinorVersion, 0, out nint library);
        if (library != 0)
        {
            Marshal.Release(library);
        }

        List<string> faults =
        [
            .. FaultsIn(RegistryView.Registry64, "64-bit").Take(MostNamed),
            .. FaultsIn(RegistryView.Registry32, "32-bit").Take(MostNamed),
        ];
        if (loading < 0)
        {
            faults.Add($"LoadRegTypeLib answers 0x{loading:X8}");
        }

        return CheckResult.Of(faults, $"{ContractInterfaces.All.Count} interfaces in each view", "Run vpc /RegServer again.");
    }

    private static IEnumerable<string> FaultsIn(RegistryView view, string name)
    {
        using RegistryKey classes = RegistryKey.OpenBaseKey(RegistryHive.ClassesRoot, view);
        foreach (ContractInterface contract in ContractInterfaces.All)
        {
            string path = $@"Interface\{contract.InterfaceId:B}";
            using RegistryKey? marshaller = classes.OpenSubKey($@"{path}\ProxyStubClsid32");
            using RegistryKey? library = classes.OpenSubKey($@"{path}\TypeLib");
            if (marshaller?.GetValue(null) is not string
                || library?.GetValue(null) is not string id || !Guid.TryParse(id, out Guid found) || found != Libid.VirtualPC)
            {
                yield return $"{contract.Name} is not registered in the {name} view";
            }
        }
    }
}
