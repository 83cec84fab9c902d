namespace VpcComApi.VirtualMachines.Providers;

/// <summary>Why a machine stopped executing.</summary>
/// <param name="Reason">The kind of end.</param>
/// <param name="Description">What happened, for the event log: "the guest process was killed by signal 9".</param>
public sealed record MachineEnd(MachineEndReason Reason, string Description);
