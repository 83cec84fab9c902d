namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether the server runs as the client does.</summary>
/// <param name="servers">The run's servers.</param>
internal sealed class ServerIdentityCheck(VerificationServers servers) : IVerificationCheck
{
    /// <inheritdoc/>
    public string Name => "server-identity";

    /// <inheritdoc/>
    public string Claim => "The server that COM starts has the client's user, session, integrity and elevation.";

    /// <inheritdoc/>
    public string? KnownUnderWine => null;

    /// <inheritdoc/>
    public CheckResult Run()
    {
        using HeldServer held = new(servers.Session.ServedClass);
        TokenFacts ours = TokenFacts.OfThisProcess;
        TokenFacts theirs = TokenFacts.Of(servers.Processes[^1]);
        return ours == theirs
            ? CheckResult.Pass($"both {theirs}")
            : CheckResult.Fail(
                $"this process: {ours}; the server: {theirs}{(ours.User == theirs.User ? string.Empty : ", of another user")}",
                "Please send this report: machines would run with other rights than their user's.");
    }
}
