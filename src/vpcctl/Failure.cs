using StreamJsonRpc;
using VpcComApi.CommandLine.Machines;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine;

/// <summary>Why a command failed, for the person and for the script.</summary>
/// <param name="ExitCode">For the script.</param>
/// <param name="Message">For the person: what failed, on what, and what to do.</param>
internal sealed record Failure(ExitCode ExitCode, string Message)
{
    /// <summary>Reads an exception, from whichever implementation of <see cref="IMachines"/> it comes.</summary>
    public static Failure Of(Exception exception) => exception switch
    {
        CommandException e => new Failure(e.ExitCode, e.Message),
        VirtualMachineException e => new Failure(CodeOf(e.Error), CommandRemedies.TextOf(e)),
        RemoteInvocationException e => Of(RemoteErrors.ToException(e)),
        ConnectionLostException or ObjectDisposedException => new Failure(
            ExitCode.HostUnavailable,
            "The process that hosts the machines ended before it answered. \"vpcctl log\" may say why; "
                + "run the command again to start a new one."),
        OperationCanceledException => new Failure(ExitCode.Interrupted, "Interrupted."),
        _ => new Failure(ExitCode.Failed, exception.Message),
    };

    /// <summary>
    /// Whether an exception, from whichever implementation of <see cref="IMachines"/> it comes, is a refusal for one reason.
    /// </summary>
    public static bool IsOf(Exception exception, VirtualMachineError error) => exception switch
    {
        VirtualMachineException e => e.Error == error,
        RemoteInvocationException e => RemoteErrors.ToException(e).Error == error,
        _ => false,
    };

    private static ExitCode CodeOf(VirtualMachineError error) => error switch
    {
        VirtualMachineError.MachineUnknown => ExitCode.NoSuchMachine,
        VirtualMachineError.TimedOut => ExitCode.TimedOut,
        _ => ExitCode.Failed,
    };
}
