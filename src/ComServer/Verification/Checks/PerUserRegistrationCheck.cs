using System.Runtime.InteropServices;
using VpcComApi.ComServer.Registration;
using VpcComApi.Platform.Wine;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether COM finds a class that is registered for this user alone.</summary>
/// <param name="session">The run. Its other classes may be registered for all users.</param>
internal sealed class PerUserRegistrationCheck(VerificationSession session) : IVerificationCheck
{
    /// <inheritdoc/>
    public string Name => "per-user-registration";

    /// <inheritdoc/>
    public string Claim => "A program that is not elevated finds a class that is registered for this user alone.";

    /// <inheritdoc/>
    public string? KnownUnderWine => "Wine reads the registration for all users alone.";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        VerificationSession own = session.ForThisUser;
        RegistrationPlan plan = VerificationRegistration.PlanOf(own);
        RegistrationScope.User.Write(plan);
        try
        {
            int result = VerificationServers.Activate(own.ServedClass, out nint instance);
            if (instance != 0)
            {
                Marshal.Release(instance);
            }

            return result >= 0 ? CheckResult.Pass("the class was found and served")
                : TokenFacts.OfThisProcess is { Integrity: > TokenFacts.MediumIntegrity } && !WineHost.IsPresent
                    ? CheckResult.NotApplicable(
                        $"This process is elevated, and COM does not look there for such (0x{result:X8}).",
                        "Run /Verify once more without elevation.")
                    : CheckResult.Fail($"COM answers 0x{result:X8}", "Register for all users: run vpc /RegServer as an administrator.");
        }
        finally
        {
            RegistrationScope.User.Remove(plan);
        }
    }
}
