namespace VpcComApi.VirtualMachines.Providers;

/// <summary>What is in a drive for removable media.</summary>
/// <param name="Name">
/// The full path of an image, or the name of a drive of the host: a bare letter on Windows, a device such as <c>/dev/sr0</c> elsewhere.
/// </param>
/// <param name="IsHostDrive">Whether it is a drive of the host.</param>
public sealed record MachineMedium(string Name, bool IsHostDrive);
