using System.Runtime.InteropServices;
using VpcComApi.ComServer.Activation;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether COM lets nobody to a class that is registered suspended, and everybody once it is resumed.</summary>
/// <param name="servers">The run's servers: while this process's class is suspended, COM starts one of them for a client.</param>
internal sealed class SuspendedClassCheck(VerificationServers servers) : IVerificationCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public string Name => "suspended-class";

    /// <inheritdoc/>
    public string Claim =>
        "A class that is registered suspended gets no client before CoResumeClassObjects, and gets the next one after it.";

    /// <inheritdoc/>
    public string? KnownUnderWine => "Wine ignores REGCLS_SUSPENDED.";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        CountingFactory factory = new();
        nint unknown = ComObjects.GetUnknown(factory);
        Marshal.ThrowExceptionForHR(ComRuntime.CoRegisterClassObject(
            servers.Session.OwnClass, unknown, ComRuntime.LocalServer, ComRuntime.MultipleUseSuspended, out uint cookie));
        Marshal.Release(unknown);
        try
        {
            int early;
            using (VerificationClient client = VerificationClient.Start(servers.Session.OwnClass))
            {
                early = factory.Count;
            }

            if (!servers.WaitUntilEnded(Limit))
            {
                return CheckResult.Fail("the server that COM started in its place does not end", "See the check \"fast-rundown\".");
            }

            Marshal.ThrowExceptionForHR(ComRuntime.CoResumeClassObjects());
            using VerificationClient late = VerificationClient.Start(servers.Session.OwnClass);
            List<string> faults = [];
            if (early != 0)
            {
                faults.Add("a client was let in while the class was suspended");
            }

            if (factory.Count - early != 1 || late.Result != CountingFactory.Answer)
            {
                faults.Add($"no client came after the class was resumed; COM answered 0x{late.Result:X8}");
            }

            return CheckResult.Of(
                faults,
                "none before, one after", "Please send this report: clients that come while a server starts or ends may be refused here.");
        }
        finally
        {
            _ = ComRuntime.CoRevokeClassObject(cookie);
        }
    }
}
