using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.VmcFiles;

/// <summary>
/// Whether the values of a .vmc file that this program reads are such as their keys take. What is missing has a default; what is wrong is
/// not guessed at: an undo disk that is switched on by a word that nobody knows would be no undo disk.
/// </summary>
internal static class ConfigurationCheck
{
    /// <summary>
    /// Keys in <see cref="KnownKeys"/> of which a value counts as none when they do not take it: nothing here depends on them, or another
    /// program may have its own there.
    /// </summary>
    private static readonly string[] NotChecked =
    [
        ConfigurationKeys.Version, "hardware/bios/time_sync_at_boot", "hardware/super_io/floppy/auto_detect", "ui_options/auto_app_publish", "ui_options/seconds_to_save",
        ConfigurationKeys.ConfigurationId, "hardware/super_io/serial_port[@id=0..1]/port_type",
    ];

    /// <summary>Finds the first value that its key does not take.</summary>
    /// <param name="document">The values.</param>
    /// <returns>What is wrong, in sentences; null when nothing is.</returns>
    public static string? FindFault(XmlValueDocument document)
    {
        foreach ((string key, object value) in document.ReadAll())
        {
            // No bytes, like no characters, are no value.
            if (value is byte[] { Length: 0 } || !KnownKeys.Machine.TryFind(key, out KnownKey? known) || NotChecked.Contains(known.Pattern) || known.Allows(value))
            {
                continue;
            }

            string form = value is string && known.Type != ConfigurationValueType.Text
                ? $" Its element needs the attribute type=\"{ValueText.NameOf(known.Type)}\" and such a text."
                : string.Empty;
            return known.Refuse(key, value) + form;
        }

        return null;
    }
}
