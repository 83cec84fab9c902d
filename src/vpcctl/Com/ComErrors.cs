using System.Globalization;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Com;

/// <summary>What a failed COM call means for a command. The text is the server's own where it sent one.</summary>
internal static class ComErrors
{
    private const int ClassNotRegistered = unchecked((int)0x80040154);
    private const int ServerExecutionFailed = unchecked((int)0x80080005);
    private const int ServerUnavailable = unchecked((int)0x800706BA);
    private const int CallFailed = unchecked((int)0x800706BE);
    private const int Disconnected = unchecked((int)0x80010108);

    /// <summary>Reads the exception of a call.</summary>
    public static Exception ToException(Exception exception) => exception.HResult switch
    {
        ClassNotRegistered => new CommandException(
            ExitCode.HostUnavailable, "vpc.exe is not registered on this computer. Run \"vpc.exe /RegServer\", then try again.", exception),
        ServerExecutionFailed => new CommandException(
            ExitCode.HostUnavailable, "vpc.exe did not start. \"vpcctl log\" may say why.", exception),
        ServerUnavailable or CallFailed or Disconnected => new CommandException(
            ExitCode.HostUnavailable,
            "vpc.exe ended before it answered. \"vpcctl log\" may say why; run the command again to start it anew.",
            exception),
        HResults.VM_E_TIMED_OUT => Refusal(VirtualMachineError.TimedOut, exception),
        HResults.VM_E_VM_UNKNOWN => Refusal(VirtualMachineError.MachineUnknown, exception),
        _ => Refusal(VirtualMachineError.Unexpected, exception),
    };

    private static VirtualMachineException Refusal(VirtualMachineError error, Exception exception) => new(
        error,
        string.Create(CultureInfo.InvariantCulture, $"{exception.Message.TrimEnd()} (0x{exception.HResult:X8})"),
        exception);
}
