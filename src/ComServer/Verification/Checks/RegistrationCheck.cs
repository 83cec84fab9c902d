using VpcComApi.ComServer.Registration;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether all of the registration is there, as this version writes it, and the server that it names too.</summary>
internal sealed class RegistrationCheck : IVerificationCheck
{
    private const int MostNamed = 5;

    /// <inheritdoc/>
    public string Name => "registration";

    /// <inheritdoc/>
    public string Claim => "Every registry key of the product is as vpc /RegServer writes it, and the server that it names exists.";

    /// <inheritdoc/>
    public string? KnownUnderWine => null;

    /// <inheritdoc/>
    public CheckResult Run()
    {
        IReadOnlyList<RegisteredProduct> registered = RegisteredProduct.All;
        return registered.Count == 0
            ? CheckResult.NotApplicable(RegisteredProduct.NotRegistered, RegisteredProduct.HowToRegister)
            : CheckResult.Of(
                [.. registered.SelectMany(FaultsOf)],
                string.Join("; ", registered.Select(product => product.ServerFile)),
                "Run vpc /UnregServer and vpc /RegServer of the version that is to be used.");
    }

    private static IEnumerable<string> FaultsOf(RegisteredProduct product)
    {
        if (!File.Exists(product.ServerFile))
        {
            yield return $"{product.ServerFile} does not exist";
        }

        IReadOnlyList<string> different = product.Scope.Differences(Registrar.PlanOf(product.ServerFile));
        if (different.Count > 0)
        {
            yield return $"{different.Count} keys are missing or different: {string.Join(", ", different.Take(MostNamed))}";
        }
    }
}
