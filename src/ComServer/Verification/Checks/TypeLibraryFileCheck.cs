using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether the type library beside the program is the one that belongs to it.</summary>
internal sealed class TypeLibraryFileCheck : IVerificationCheck
{
    /// <inheritdoc/>
    public string Name => "type-library-file";

    /// <inheritdoc/>
    public string Claim => $"{TypeLibrary.FileName} beside vpc.exe describes every interface of the contract.";

    /// <inheritdoc/>
    public string? KnownUnderWine => null;

    /// <inheritdoc/>
    public CheckResult Run()
    {
        TypeLibrary library = new(TypeLibrary.DefaultFile);
        foreach (ContractInterface described in ContractInterfaces.All)
        {
            library.Describe(described.InterfaceId);
        }

        return CheckResult.Pass($"{ContractInterfaces.All.Count} interfaces");
    }
}
