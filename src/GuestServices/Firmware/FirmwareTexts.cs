namespace VpcComApi.GuestServices.Firmware;

/// <summary>What a machine's firmware tells its guest in words.</summary>
/// <param name="ChassisAssetTag">The asset tag of the chassis; empty when there is none.</param>
/// <param name="OemStrings">The texts that the machine's maker put there, in order.</param>
internal sealed record FirmwareTexts(string ChassisAssetTag, IReadOnlyList<string> OemStrings);
