using System.Security.Principal;

namespace VpcComApi.ComServer.Security;

/// <summary>The user who runs this process.</summary>
internal static class CurrentUser
{
    /// <summary>The user's security identifier, as text.</summary>
    public static string Sid
    {
        get
        {
            using WindowsIdentity identity = WindowsIdentity.GetCurrent();
            return identity.User!.Value;
        }
    }
}
