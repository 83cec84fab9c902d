using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.VirtualMachines.Emulated.Processes;

/// <summary>How a guest's process ended.</summary>
/// <param name="ProcessId">The process id.</param>
/// <param name="Code">Its exit code; on Unix 128 plus the signal when a signal ended it.</param>
internal sealed record GuestExit(int ProcessId, int Code)
{
    private const int SignalBase = 128;
    private const int LastSignal = 64;

    /// <summary>
    /// The signals that end a process after a fault of the processor, or when its runtime cannot continue after one: SIGILL, SIGABRT,
    /// SIGBUS, SIGFPE, SIGSEGV.
    /// </summary>
    private static readonly int[] FaultSignals = [4, 6, 7, 8, 11];

    /// <summary>
    /// The same on Windows: access violation, failed page, illegal instruction, arithmetic faults, privileged instruction, stack
    /// overflow, damaged heap or stack, fail-fast, and .NET's own fail-fast and unhandled exception.
    /// </summary>
    private static readonly uint[] FaultStatuses =
    [
        0xC0000005, 0xC0000006, 0xC000001D, 0xC000008C, 0xC000008D, 0xC000008E, 0xC000008F, 0xC0000090, 0xC0000091, 0xC0000092, 0xC0000093,
        0xC0000094,
        0xC0000095, 0xC0000096, 0xC00000FD, 0xC0000374, 0xC0000409, 0xC0000602, 0x80131623, 0xE0434352,
    ];

    /// <summary>Whether the guest has turned its machine off.</summary>
    public bool IsPowerOff => Code == GuestExitCode.PowerOff;

    /// <summary>Whether the guest requests another boot.</summary>
    public bool IsRestart => Code == GuestExitCode.Restart;

    /// <summary>
    /// Whether a fatal error of the processor has ended the guest, which is the equivalent of a triple fault for a process. Ending the
    /// process from outside is not a fault, but such a signal that another process sends cannot be distinguished from one and counts as
    /// one.
    /// </summary>
    public bool IsProcessorFault => OperatingSystem.IsWindows()
        ? FaultStatuses.Contains((uint)Code)
        : Signal is { } signal && FaultSignals.Contains(signal);

    /// <summary>A description for the event log.</summary>
    public string Description => IsPowerOff ? "the guest powered the machine off"
        : IsRestart ? "the guest restarted"
        : Signal is { } signal ? $"the guest process {ProcessId} was ended by signal {signal}"
        : IsProcessorFault ? $"the guest process {ProcessId} was ended by the exception 0x{Code:X8}"
        : $"the guest process {ProcessId} ended with exit code {Code}";

    private int? Signal => !OperatingSystem.IsWindows() && Code is > SignalBase and <= SignalBase + LastSignal ? Code - SignalBase : null;
}
