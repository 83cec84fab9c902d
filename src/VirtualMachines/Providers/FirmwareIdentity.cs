namespace VpcComApi.VirtualMachines.Providers;

/// <summary>The identity that a machine's firmware shows its guest.</summary>
/// <param name="BiosGuid">The BIOS's unique id.</param>
/// <param name="BiosSerialNumber">At most 32 characters.</param>
/// <param name="BaseBoardSerialNumber">At most 32 characters.</param>
/// <param name="ChassisSerialNumber">At most 32 characters.</param>
/// <param name="ChassisAssetTag">At most 32 characters; the ready event is named by it.</param>
public sealed record FirmwareIdentity(
    Guid BiosGuid, string BiosSerialNumber, string BaseBoardSerialNumber, string ChassisSerialNumber, string ChassisAssetTag);
