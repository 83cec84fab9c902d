using System.Security.Principal;
using VpcComApi.Platform.Folders;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether other users are kept out of this user's machines and logs.</summary>
internal sealed class DataFolderCheck : IVerificationCheck
{
    /// <inheritdoc/>
    public string Name => "data-folder";

    /// <inheritdoc/>
    public string Claim => "Other users can neither read nor change this user's catalogue, machines and logs.";

    /// <inheritdoc/>
    public string? KnownUnderWine => "Wine makes a folder's access list up from its mode.";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        if (!Directory.Exists(UserFolders.Data))
        {
            return CheckResult.NotApplicable("This user has no data folder yet.", "Use the product once, then run /Verify again.");
        }

        using WindowsIdentity identity = WindowsIdentity.GetCurrent();
        IReadOnlyList<string> others = FolderAccess.Others(UserFolders.Data, FolderAccess.Change | FolderAccess.Read, identity.User!);
        return CheckResult.Of(
            [.. others.Select(who => $"{who} may read or change {UserFolders.Data}")],
            "this user, administrators and the system alone",
            "Take the rights away (Properties, Security), or move the folder back below your own profile.");
    }
}
