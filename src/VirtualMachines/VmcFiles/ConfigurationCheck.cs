using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.VmcFiles;

/// <summary>
/// Whether the values of a .vmc file that this program reads are such as their keys take. What is missing has a default; what is wrong is
/// not guessed at: an undo disk that is switched on by a word that nobody knows would be no undo disk.
/// </summary>
internal static class ConfigurationCheck
{
    /// <summary>Finds the first value that its key does not take.</summary>
    /// <param name="document">The values.</param>
    /// <returns>What is wrong, in sentences; null when nothing is.</returns>
    public static string? FindFault(XmlValueDocument document)
    {
        foreach ((string key, object value) in document.ReadAll())
        {
            // No bytes, like no characters, are no value.
            if (value is byte[] { Length: 0 } || !KnownKeys.Machine.TryFind(
                key, out KnownKey? known) || !known.IsChecked || known.Allows(value))
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
