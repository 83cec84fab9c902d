using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.VmcFiles;

/// <summary>
/// Where a .vmc file keeps the machine's unique id, which callers see as <c>ConfigID</c>. A real file brings its own below
/// <see cref="ConfigurationKeys.ConfigurationId"/>, and keeps it. A file that an earlier version of this product has registered has another
/// one below <see cref="ConfigurationKeys.OwnConfigurationId"/>: that is the one that callers and saved states know, so it counts first.
/// </summary>
internal static class ConfigurationIds
{
    private const int GuidLength = 16;

    /// <summary>Reads the id.</summary>
    /// <param name="values">The machine's values.</param>
    /// <returns>The empty GUID when there is none, or none that can be used.</returns>
    public static Guid Read(IReadOnlyValues values) =>
        ReadAt(values, ConfigurationKeys.OwnConfigurationId) is var own && own != Guid.Empty
            ? own
            : ReadAt(values, ConfigurationKeys.ConfigurationId);

    /// <summary>
    /// Writes an id in the form that the old one has, a text with braces or 16 bytes. What another program has written there and is no GUID
    /// stays, and the id has a place of this product's own.
    /// </summary>
    /// <param name="document">The machine's values.</param>
    /// <param name="id">The id.</param>
    public static void Write(XmlValueDocument document, Guid id)
    {
        bool isForeign = document.TryGetValue(ConfigurationKeys.ConfigurationId, out object? old)
            && old is not string { Length: 0 }
            && ReadAt(document, ConfigurationKeys.ConfigurationId) == Guid.Empty;
        if (isForeign)
        {
            document.Set(ValuePath.Parse(ConfigurationKeys.OwnConfigurationId), FirmwareTexts.Format(id));
            return;
        }

        document.Set(
            ValuePath.Parse(ConfigurationKeys.ConfigurationId), old is byte[] ? id.ToByteArray(bigEndian: true) : FirmwareTexts.Format(id));
        document.Remove(ValuePath.Parse(ConfigurationKeys.OwnConfigurationId));
    }

    private static Guid ReadAt(IReadOnlyValues values, string key) => values.TryGetValue(key, out object? value)
        ? value switch
        {
            string text when Guid.TryParse(text, out Guid id) => id,
            byte[] { Length: GuidLength } bytes => new Guid(bytes, bigEndian: true),
            _ => Guid.Empty,
        }
        : Guid.Empty;
}
