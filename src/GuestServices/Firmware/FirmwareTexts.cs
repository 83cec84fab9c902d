namespace VpcComApi.GuestServices.Firmware;

/// <summary>The texts of a machine's firmware that the guest can read.</summary>
/// <param name="ChassisAssetTag">The asset tag of the chassis; empty when there is none.</param>
/// <param name="OemStrings">The texts that the machine's manufacturer has stored, in order.</param>
internal sealed record FirmwareTexts(string ChassisAssetTag, IReadOnlyList<string> OemStrings);
