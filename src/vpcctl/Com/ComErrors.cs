using System.Globalization;
using System.Reflection;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Com;

/// <summary>
/// What a failed COM call means for a command. The text is the server's own where it arrives; Wine 8 carries it to late-bound clients
/// alone, and there the contract's name of the HRESULT stands in its place.
/// </summary>
internal static class ComErrors
{
    private const int ClassNotRegistered = unchecked((int)0x80040154);
    private const int ServerExecutionFailed = unchecked((int)0x80080005);
    private const int ServerUnavailable = unchecked((int)0x800706BA);
    private const int CallFailed = unchecked((int)0x800706BE);
    private const int Disconnected = unchecked((int)0x80010108);

    /// <summary>Reads the exception of a call.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="text">The server's own words, or null.</param>
    public static Exception ToException(Exception exception, string? text) => exception.HResult switch
    {
        ClassNotRegistered => new CommandException(
            ExitCode.HostUnavailable, "vpc.exe is not registered on this computer. Run \"vpc.exe /RegServer\", then try again.", exception),
        ServerExecutionFailed => new CommandException(
            ExitCode.HostUnavailable, "vpc.exe did not start. \"vpcctl log\" may say why.", exception),
        ServerUnavailable or CallFailed or Disconnected => new CommandException(
            ExitCode.HostUnavailable,
            "vpc.exe ended before it answered. \"vpcctl log\" may say why; run the command again to start it anew.",
            exception),
        _ => Refusal(ErrorOf(exception.HResult), exception, text),
    };

    /// <summary>Why a call or a task failed, for the HRESULTs that a command acts on.</summary>
    /// <param name="result">The HRESULT.</param>
    public static VirtualMachineError ErrorOf(int result) => result switch
    {
        HResults.VM_E_TIMED_OUT => VirtualMachineError.TimedOut,
        HResults.VM_E_VM_UNKNOWN => VirtualMachineError.MachineUnknown,
        HResults.HRESULT_FROM_WIN32_ERROR_SHUTDOWN_IN_PROGRESS => VirtualMachineError.ShutdownInProgress,
        _ => VirtualMachineError.Unexpected,
    };

    private static VirtualMachineException Refusal(VirtualMachineError error, Exception exception, string? text) =>
        new(error, string.IsNullOrWhiteSpace(text) ? WithoutWords(exception) : text, exception) { Remedy = RemedyOf(exception.HResult) };

    /// <summary>
    /// What can be done, for the HRESULTs that say it by themselves. The server's words name members of the contract, for a script.
    /// </summary>
    /// <param name="result">The HRESULT.</param>
    public static Remedy? RemedyOf(int result) => result switch
    {
        HResults.VM_E_PARENT_MODIFIED => new Remedy(RemedyAction.AcceptChangedParent, Subject: null),
        HResults.VM_E_PREF_SAVED_STATE_BAD_VERSION or HResults.VM_E_PREF_UNLOADABLE_ACTIVATION =>
            new Remedy(RemedyAction.DiscardSavedState, Subject: null),
        _ => null,
    };

    private static string WithoutWords(Exception exception)
    {
        string number = string.Create(CultureInfo.InvariantCulture, $"(0x{exception.HResult:X8})");
        string reason = NameOf(exception.HResult) ?? exception.Message.Replace(number, string.Empty, StringComparison.OrdinalIgnoreCase);
        return $"vpc.exe refused it: {reason.Trim()} {number}.";
    }

    /// <summary>The contract's name of an HRESULT, or null.</summary>
    private static string? NameOf(int result) => Array.Find(
        typeof(HResults).GetFields(BindingFlags.Public | BindingFlags.Static),
        field => field is { IsLiteral: true } && field.GetRawConstantValue() is int value && value == result)?.Name;
}
