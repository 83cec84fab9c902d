using System.Runtime.InteropServices;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether COM keeps the servers of elevated and plain programs apart.</summary>
/// <param name="servers">The run's servers.</param>
internal sealed class TwoElevationsCheck(VerificationServers servers) : IVerificationCheck
{
    /// <inheritdoc/>
    public string Name => "two-elevations";

    /// <inheritdoc/>
    public string Claim => "A program that is not elevated gets a server of its own beside an elevated program's.";

    /// <inheritdoc/>
    public string? KnownUnderWine => "Wine has one server for all programs of a user.";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        if (!TokenFacts.OfThisProcess.IsElevated)
        {
            return CheckResult.NotApplicable("This process is not elevated.", "Run /Verify once more as an administrator.");
        }

        using HeldServer held = new(servers.Session.ServedClass);
        int before = servers.Processes.Count;
        nint plain = 0;
        (_, int result) = OtherCaller.Plain.Attempt(Activate);
        if (result < 0)
        {
            return CheckResult.Fail($"a plain program gets no server: 0x{result:X8}", "Please send this report.");
        }

        IReadOnlyList<int> processes = servers.Processes;
        string seen = $"{processes.Count - before} further server, {TokenFacts.Of(processes[^1])}";
        return processes.Count > before && !TokenFacts.Of(processes[^1]).IsElevated
            ? CheckResult.Pass(seen)
            : CheckResult.Fail(seen, "Please send this report: plain programs could use an elevated server.");

        int Activate()
        {
            int answer = VerificationServers.Activate(servers.Session.ServedClass, out plain);
            if (plain != 0)
            {
                Marshal.Release(plain);
            }

            return answer;
        }
    }
}
