namespace VpcComApi.VirtualMachines.Providers;

/// <summary>A floppy drive that a machine is started with.</summary>
/// <param name="Number">Its number on the controller, from 0.</param>
/// <param name="Medium">What is in it; null when it is empty.</param>
public sealed record MachineFloppyDrive(int Number, MachineMedium? Medium);
