using VpcComApi.ComServer.Verification;

namespace VpcComApi.ComServer.Tests.Verification;

/// <summary>A check whose behaviour is set by a test.</summary>
internal sealed class FakeCheck(string name, Func<CheckResult> run) : IVerificationCheck
{
    public string Name => name;

    public string Claim => $"{name} must hold.";

    public string? KnownUnderWine { get; init; }

    public CheckResult Run() => run();
}
