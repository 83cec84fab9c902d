using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.VirtualMachines.Emulated.Processes;

/// <summary>How a guest's process ended.</summary>
/// <param name="ProcessId">The process's number.</param>
/// <param name="Code">Its exit code; on Unix 128 plus the signal when a signal ended it.</param>
internal sealed record GuestExit(int ProcessId, int Code)
{
    private const int SignalBase = 128;
    private const int LastSignal = 64;

    /// <summary>Whether the guest powered its machine off.</summary>
    public bool IsPowerOff => Code == GuestExitCode.PowerOff;

    /// <summary>Whether the guest wants to boot again.</summary>
    public bool IsRestart => Code == GuestExitCode.Restart;

    /// <summary>What happened, for the event log.</summary>
    public string Description => IsPowerOff ? "the guest powered the machine off"
        : IsRestart ? "the guest restarted"
        : !OperatingSystem.IsWindows() && Code is > SignalBase and <= SignalBase + LastSignal
            ? $"the guest process {ProcessId} was ended by signal {Code - SignalBase}"
        : $"the guest process {ProcessId} ended with exit code {Code}";
}
