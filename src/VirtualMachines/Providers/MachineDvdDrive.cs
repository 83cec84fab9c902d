namespace VpcComApi.VirtualMachines.Providers;

/// <summary>A CD or DVD drive that a machine is started with.</summary>
/// <param name="Bus">The IDE bus, 0 or 1.</param>
/// <param name="Device">The position on it, 0 or 1.</param>
/// <param name="Medium">What is in it; null when it is empty.</param>
public sealed record MachineDvdDrive(int Bus, int Device, MachineMedium? Medium);
