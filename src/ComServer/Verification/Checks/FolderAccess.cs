using System.Security.AccessControl;
using System.Security.Principal;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Who may do what in a folder, by its access list.</summary>
internal static class FolderAccess
{
    /// <summary>To put a file in, to change or replace one, or to give oneself the right to.</summary>
    public const FileSystemRights Change =
        FileSystemRights.CreateFiles | FileSystemRights.AppendData | FileSystemRights.Delete | FileSystemRights.DeleteSubdirectoriesAndFiles
        | FileSystemRights.ChangePermissions | FileSystemRights.TakeOwnership;

    /// <summary>To read a file.</summary>
    public const FileSystemRights Read = FileSystemRights.ReadData;

    private const string TrustedInstaller = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";

    /// <summary>
    /// Whoever is trusted with every file of a machine, and who comes into being only with a file (CREATOR OWNER, OWNER RIGHTS).
    /// </summary>
    private static readonly HashSet<SecurityIdentifier> Trusted =
    [
        new(WellKnownSidType.LocalSystemSid, null),
        new(WellKnownSidType.BuiltinAdministratorsSid, null),
        new(WellKnownSidType.CreatorOwnerSid, null),
        new(WellKnownSidType.WinCreatorOwnerRightsSid, null),
        new(TrustedInstaller),
    ];

    /// <summary>Those who have one of some rights, besides the system, administrators and whoever else is named.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="rights">The rights.</param>
    /// <param name="allowed">Who may have them.</param>
    public static IReadOnlyList<string> Others(string folder, FileSystemRights rights, params IEnumerable<SecurityIdentifier> allowed)
    {
        HashSet<SecurityIdentifier> expected = [.. Trusted, .. allowed];
        DirectorySecurity security = new DirectoryInfo(folder).GetAccessControl(AccessControlSections.Access);
        return
        [
            .. security.GetAccessRules(includeExplicit: true, includeInherited: true, typeof(SecurityIdentifier))
                .OfType<FileSystemAccessRule>()
                .Where(rule => rule.AccessControlType == AccessControlType.Allow && (rule.FileSystemRights & rights) != 0)
                .Select(rule => (SecurityIdentifier)rule.IdentityReference)
                .Where(who => !expected.Contains(who))
                .Select(NameOf)
                .Distinct(),
        ];
    }

    /// <summary>A well-known group by its name, since that names nobody; anybody else by number, which the report takes out.</summary>
    private static string NameOf(SecurityIdentifier who)
    {
        try
        {
            return who.IsAccountSid() ? who.Value : who.Translate(typeof(NTAccount)).Value;
        }
        catch (IdentityNotMappedException)
        {
            return who.Value;
        }
    }
}
