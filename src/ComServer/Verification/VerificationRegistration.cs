using VpcComApi.ComServer.Registration;
using VpcComApi.ComServer.Security;

namespace VpcComApi.ComServer.Verification;

/// <summary>The registration of a run's classes: written when the run begins, removed when it has ended.</summary>
internal static class VerificationRegistration
{
    /// <summary>
    /// Registers a run's classes where clients of this process find them: for all users where that is allowed, since an elevated program
    /// sees nothing else, and else for this user.
    /// </summary>
    public static RegistrationScope Write(VerificationSession session)
    {
        RegistrationScope scope = RegistrationScope.Machine.IsWritable ? RegistrationScope.Machine : RegistrationScope.User;
        scope.Write(PlanOf(session));
        return scope;
    }

    /// <summary>The keys of a run.</summary>
    public static RegistrationPlan PlanOf(VerificationSession session) => RegistrationPlan.ForVerification(
        session.ProgId,
        session.Folder,
        Environment.ProcessPath!,
        [.. session.Classes.Select(id => (id, $"/VerificationServer {id:B} \"{session.Folder}\""))],
        ServerSecurity.ToBinary(CallPermissions.ToLaunch),
        ServerSecurity.ToBinary(CallPermissions.ToCallByRegistry));

    /// <summary>Removes a run's keys from wherever they may be.</summary>
    public static void Remove(VerificationSession session)
    {
        RegistrationPlan plan = PlanOf(session);
        RegistrationScope.User.Remove(PlanOf(session.ForThisUser));
        RegistrationScope.User.Remove(plan);
        if (RegistrationScope.Machine.Has(plan) && RegistrationScope.Machine.IsWritable)
        {
            RegistrationScope.Machine.Remove(plan);
        }
    }

    /// <summary>Removes what runs have left that were killed together with their cleaner.</summary>
    /// <returns>How many runs that were.</returns>
    public static int RemoveLeftovers()
    {
        int removed = 0;
        foreach (RegistrationScope scope in (RegistrationScope[])[RegistrationScope.User, RegistrationScope.Machine])
        {
            foreach (string progId in scope.Find(VerificationSession.ProgIdPrefix))
            {
                // Another user's run, or one of another session, has its folder elsewhere.
                if (VerificationSession.TryParseProgId(progId, out VerificationSession? found)
                    && found.At(scope.Read(progId, RegistrationPlan.VerificationFolder)) is var session && !IsRunning(session))
                {
                    Remove(session);
                    VerificationCleaner.TryDelete(session.Folder);
                    removed++;
                }
            }
        }

        return removed;
    }

    private static bool IsRunning(VerificationSession session)
    {
        try
        {
            using FileStream held = new(session.LockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
