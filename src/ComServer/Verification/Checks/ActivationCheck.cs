using System.Runtime.InteropServices;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether COM starts the server, and a second client gets the same one.</summary>
/// <param name="servers">The run's servers.</param>
internal sealed class ActivationCheck(VerificationServers servers) : IVerificationCheck
{
    /// <inheritdoc/>
    public string Name => "activation";

    /// <inheritdoc/>
    public string Claim => "COM starts one server for the first client and gives the same object to the next one.";

    /// <inheritdoc/>
    public string? KnownUnderWine => null;

    /// <inheritdoc/>
    public CheckResult Run()
    {
        int firstResult = VerificationServers.Activate(servers.Session.ServedClass, out nint first);
        int secondResult = VerificationServers.Activate(servers.Session.ServedClass, out nint second);
        try
        {
            List<string> faults = [];
            if (firstResult < 0 || secondResult < 0)
            {
                faults.Add($"COM answers 0x{firstResult:X8} and 0x{secondResult:X8}");
            }
            else if (IdentityOf(first) != IdentityOf(second))
            {
                faults.Add("two clients got two objects");
            }

            return CheckResult.Of(
                faults,
                $"{servers.Processes.Count} process has served",
                "Look into the Windows event log for entries of DistributedCOM, and send them with this report.");
        }
        finally
        {
            Release(first);
            Release(second);
        }
    }

    private static nint IdentityOf(nint instance)
    {
        Guid unknown = new("00000000-0000-0000-C000-000000000046");
        Marshal.ThrowExceptionForHR(Marshal.QueryInterface(instance, unknown, out nint identity));
        Marshal.Release(identity);
        return identity;
    }

    private static void Release(nint instance)
    {
        if (instance != 0)
        {
            Marshal.Release(instance);
        }
    }
}
