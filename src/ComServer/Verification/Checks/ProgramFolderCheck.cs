using System.Security.Principal;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether a program that all users' COM starts lies where only administrators can change it.</summary>
internal sealed class ProgramFolderCheck : IVerificationCheck
{
    /// <inheritdoc/>
    public string Name => "program-folder";

    /// <inheritdoc/>
    public string Claim => "A server that is registered for all users lies in a folder that only administrators can change.";

    /// <inheritdoc/>
    public string? KnownUnderWine => "Wine makes a folder's access list up from its mode.";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        RegisteredProduct? product = RegisteredProduct.All.FirstOrDefault(
            product => product.Scope == Registration.RegistrationScope.Machine);
        if (product is null)
        {
            return CheckResult.NotApplicable("The product is not registered for all users.");
        }

        IReadOnlyList<string> others = FolderAccess.Others(
            Path.GetDirectoryName(product.ServerFile)!, FolderAccess.Change, Array.Empty<SecurityIdentifier>());
        return CheckResult.Of(
            [.. others.Select(who => $"{who} may change the folder of {product.ServerFile}")],
            "only administrators may change it",
            "Whoever may change the program's folder can run his code as every user who uses it. "
            + "Move the folder below Program Files and register it from there.");
    }
}
