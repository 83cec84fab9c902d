using System.Diagnostics;
using System.Globalization;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>
/// Whether the server soon notices that a client has died. Without fast rundown, COM's pings take some six minutes for it.
/// </summary>
/// <param name="servers">The run's servers.</param>
internal sealed class FastRundownCheck(VerificationServers servers) : IVerificationCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public string Name => "fast-rundown";

    /// <inheritdoc/>
    public string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"When a client is killed that holds an object, the server ends within a minute (its idle time is "
            + $"{VerificationServers.IdleSeconds} s).");

    /// <inheritdoc/>
    public string? KnownUnderWine => null;

    /// <inheritdoc/>
    public CheckResult Run()
    {
        using VerificationClient client = VerificationClient.Start(servers.Session.RundownClass);
        if (client.Result < 0)
        {
            return CheckResult.Fail($"the client gets no object: 0x{client.Result:X8}", "See the check \"activation\".");
        }

        // The class has no other client, so this is its server, and nothing but this client keeps it.
        int server = servers.Processes[^1];
        long killed = Stopwatch.GetTimestamp();
        client.Kill();
        bool ended = VerificationServers.HasEnded(server, Limit);
        string seen = string.Create(CultureInfo.InvariantCulture, $"after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0} s");
        return ended
            ? CheckResult.Pass($"it ended {seen}")
            : CheckResult.Fail(
                $"it still runs {seen}",
                "Please send this report. A server can stay for some minutes after a client has crashed; that does no other harm.");
    }
}
