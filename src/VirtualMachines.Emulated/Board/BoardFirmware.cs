namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>The firmware's identity tables, as a guest reads them.</summary>
/// <param name="BiosGuid">The BIOS's unique id.</param>
/// <param name="BiosSerialNumber">The BIOS's serial number.</param>
/// <param name="BaseBoardSerialNumber">The base board's serial number.</param>
/// <param name="ChassisSerialNumber">The chassis's serial number.</param>
/// <param name="ChassisAssetTag">The chassis's asset tag.</param>
internal sealed record BoardFirmware(
    Guid BiosGuid, string BiosSerialNumber, string BaseBoardSerialNumber, string ChassisSerialNumber, string ChassisAssetTag);
