using VpcComApi.GuestServices.Firmware;

namespace VpcComApi.GuestServices.Machines.Real;

/// <summary>
/// The parameters that the host put into the machine's firmware, so that the guest has them before the bus is up: the chassis's asset tag,
/// and OEM strings of the form <c>vpccomapi:NAME=VALUE</c>. Parameters stored by the guest itself have priority.
/// </summary>
/// <param name="kept">The guest's own parameters.</param>
/// <param name="firmware">The firmware's texts.</param>
internal sealed class FirmwareParameters(IParameterStore kept, FirmwareTexts firmware) : IParameterStore
{
    private const string Prefix = "vpccomapi:";

    private readonly Dictionary<string, string> presets = Read(firmware);

    /// <inheritdoc/>
    public string? Get(string name) => kept.Get(name) ?? presets.GetValueOrDefault(name);

    /// <inheritdoc/>
    public Task SetAsync(string name, string value, CancellationToken cancellationToken) => kept.SetAsync(name, value, cancellationToken);

    private static Dictionary<string, string> Read(FirmwareTexts firmware)
    {
        Dictionary<string,
        string> presets = new(StringComparer.OrdinalIgnoreCase) { [ParameterPresets.HostName] = Environment.MachineName };
        if (firmware.ChassisAssetTag.Length > 0)
        {
            presets[ParameterPresets.ChassisAssetTag] = firmware.ChassisAssetTag;
        }

        foreach (string text in firmware.OemStrings)
        {
            int separator = text.IndexOf('=', StringComparison.Ordinal);
            if (text.StartsWith(Prefix, StringComparison.Ordinal) && separator > Prefix.Length)
            {
                presets[text[Prefix.Length..separator]] = text[(separator + 1)..];
            }
        }

        return presets;
    }
}
