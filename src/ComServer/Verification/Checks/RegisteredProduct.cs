using VpcComApi.ComServer.Registration;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>The product's registration as it is on this machine.</summary>
/// <param name="Scope">Where it is.</param>
/// <param name="ServerFile">The server that it names.</param>
internal sealed record RegisteredProduct(RegistrationScope Scope, string ServerFile)
{
    /// <summary>What to say where there is none.</summary>
    public const string NotRegistered = "The product is not registered.";

    /// <summary>What to do where there is none.</summary>
    public const string HowToRegister = "Run vpc /RegServer, then /Verify again.";

    /// <summary>All that there are: for all users, for this user, both or none.</summary>
    public static IReadOnlyList<RegisteredProduct> All =>
    [
        .. from scope in (RegistrationScope[])[RegistrationScope.Machine, RegistrationScope.User]
           let server = scope.Read($@"CLSID\{Clsids.VMVirtualPC:B}\LocalServer32", "ServerExecutable")
           where server is not null
           select new RegisteredProduct(scope, server),
    ];
}
