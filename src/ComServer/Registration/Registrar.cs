using VpcComApi.ComServer.Automation;
using VpcComApi.ComServer.Security;
using VpcComApi.ComServer.Verification;
using VpcComApi.EventLogging;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Registration;

/// <summary>Carries out /RegServer, /RegServerPerUser and /UnregServer, and says what was done.</summary>
/// <param name="output">Where results go.</param>
/// <param name="error">Where refusals go.</param>
internal sealed class Registrar(TextWriter output, TextWriter error)
{
    private static string ServerFile => Environment.ProcessPath!;

    /// <summary>Registers the server.</summary>
    /// <param name="forThisUserOnly">Whether to leave the machine's registration alone even where it could be written.</param>
    public ExitCode Register(bool forThisUserOnly)
    {
        if (!File.Exists(TypeLibrary.DefaultFile))
        {
            error.WriteLine($"{TypeLibrary.DefaultFile} is missing. vpc.exe cannot serve without it: copy the whole folder.");
            return ExitCode.Failed;
        }

        bool forAll = !forThisUserOnly && RegistrationScope.Machine.IsWritable;
        (forAll ? RegistrationScope.Machine : RegistrationScope.User).Write(PlanOf(ServerFile));
        output.WriteLine(forAll
            ? $"Registered {ProgIds.VMVirtualPC} for all users: {ServerFile}"
            : $"Registered {ProgIds.VMVirtualPC} for this user: {ServerFile}");
        if (!forAll && !forThisUserOnly)
        {
            output.WriteLine("Programs that run elevated do not see it. Run /RegServer as an administrator to register it for all users.");
        }

        if (!WindowsEventSource.TryRegister())
        {
            output.WriteLine(
                $"The event log source \"{WindowsEventSource.Name}\" needs an administrator; events are kept in the log files alone.");
        }

        return ExitCode.Done;
    }

    /// <summary>Removes every registration of the server.</summary>
    public ExitCode Unregister()
    {
        VerificationRegistration.RemoveLeftovers();
        RegistrationPlan plan = PlanOf(ServerFile);
        bool found = RegistrationScope.User.Has(plan);
        RegistrationScope.User.Remove(plan);
        if (RegistrationScope.Machine.Has(plan))
        {
            found = true;
            if (!RegistrationScope.Machine.IsWritable)
            {
                error.WriteLine($"{ProgIds.VMVirtualPC} is registered for all users. Run /UnregServer as an administrator to remove it.");
                return ExitCode.Failed;
            }

            RegistrationScope.Machine.Remove(plan);
        }

        if (WindowsEventSource.IsRegistered && !WindowsEventSource.TryUnregister())
        {
            error.WriteLine($"Run /UnregServer as an administrator to remove the event log source \"{WindowsEventSource.Name}\".");
            return ExitCode.Failed;
        }

        output.WriteLine(found ? $"Removed the registration of {ProgIds.VMVirtualPC}." : $"{ProgIds.VMVirtualPC} was not registered.");
        return ExitCode.Done;
    }

    /// <summary>What is registered for a server.</summary>
    /// <param name="serverFile">The full path of vpc.exe.</param>
    public static RegistrationPlan PlanOf(string serverFile) => RegistrationPlan.For(
        serverFile,
        ServerSecurity.ToBinary(CallPermissions.ToLaunch),
        ServerSecurity.ToBinary(CallPermissions.ToCallByRegistry));
}
