using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>
/// Where a .vmc file says what a serial port is wired to. Real files have it below <c>hardware/super_io/serial_port[@id=N]</c>; files of
/// earlier versions of this product have it below a key of their own. While their <c>type</c> is there, it counts where <c>port_type</c> is
/// missing or 0: an earlier version may have configured the port of a real file, which says 0.
/// </summary>
internal static class SerialPortKeys
{
    /// <summary>
    /// The numbers of <c>port_type</c>. Real files show 0, 2 and 3; that 1 is a port of the host follows from the choices of Virtual PC.
    /// </summary>
    private static readonly SerialPortType[] PortTypes = [SerialPortType.Null, SerialPortType.HostPort, SerialPortType.TextFile,
    SerialPortType.NamedPipe];

    /// <summary>Reads the settings of a port, unchecked. A type that is not known is none.</summary>
    /// <param name="values">The configuration.</param>
    /// <param name="number">The port's number, 1 for COM1.</param>
    /// <param name="folder">The .vmc file's folder, from which a text file's path may lead.</param>
    public static SerialPortSettings Read(IReadOnlyValues values, int number, string folder)
    {
        bool isOwn = values.TryGetValue(ConfigurationKeys.OwnSerialPortType(number), out object? own) && own is int;
        bool isReal = values.TryGetValue(ConfigurationKeys.SerialPortType(number), out object? portType) && !(isOwn && portType is 0);
        SerialPortType type = isReal
            ? portType is int index and >= 0 && index < PortTypes.Length ? PortTypes[index] : SerialPortType.Null
            : isOwn ? (SerialPortType)(int)own! : SerialPortType.Null;
        string ownName = Text(ConfigurationKeys.SerialPortHostPort(number));
        return type switch
        {
            SerialPortType.HostPort => new SerialPortSettings(type, ownName, ConnectsImmediately()),
            SerialPortType.TextFile => Wired(isReal ? FullPath(Text(ConfigurationKeys.SerialPortTextFile(number)), folder) : ownName),
            SerialPortType.NamedPipe => Wired(isReal ? Text(ConfigurationKeys.SerialPortPipe(number)) : ownName),
            _ => SerialPortSettings.None,
        };

        SerialPortSettings Wired(string name) => new(type, name, ConnectImmediately: false);

        string Text(string key) => values.TryGetValue(key, out object? text) ? text as string ?? string.Empty : string.Empty;

        bool ConnectsImmediately() => (isReal
            ? Flag(ConfigurationKeys.SerialPortConnect(number)) ?? Flag(ConfigurationKeys.AllSerialPortsConnect)
            : Flag(ConfigurationKeys.OwnSerialPortConnect(number))) ?? false;

        bool? Flag(string key) => values.TryGetValue(key, out object? flag) ? flag as bool? : null;
    }

    /// <summary>Writes the settings of a port, and removes what an earlier version of this product wrote.</summary>
    /// <param name="document">The configuration.</param>
    /// <param name="number">The port's number, 1 for COM1.</param>
    /// <param name="settings">The settings, checked.</param>
    /// <returns>The keys and values that were written.</returns>
    public static IReadOnlyList<(string Key, object Value)> Write(XmlValueDocument document, int number, SerialPortSettings settings)
    {
        List<(string Key, object Value)> written = [(ConfigurationKeys.SerialPortType(number), Array.IndexOf(PortTypes, settings.Type))];
        foreach (string old in (string[])[
            ConfigurationKeys.OwnSerialPortType(
                number), ConfigurationKeys.SerialPortHostPort(number), ConfigurationKeys.OwnSerialPortConnect(number)])
        {
            document.Remove(ValuePath.Parse(old));
        }

        if (settings.Type == SerialPortType.HostPort)
        {
            written.Add((ConfigurationKeys.SerialPortHostPort(number), settings.Name));
            written.Add((ConfigurationKeys.SerialPortConnect(number), settings.ConnectImmediately));
        }
        else if (settings.Type != SerialPortType.Null)
        {
            bool isPipe = settings.Type == SerialPortType.NamedPipe;
            written.Add((isPipe ? ConfigurationKeys.SerialPortPipe(number) : ConfigurationKeys.SerialPortTextFile(number), settings.Name));
        }

        foreach ((string key, object value) in written)
        {
            document.Set(ValuePath.Parse(key), value);
        }

        return written;
    }

    /// <summary>
    /// The full path that a text in a file means. The folder in which the host process stands is never asked. A path from a root that this
    /// system has not stays what it is, and is refused by whoever checks it.
    /// </summary>
    private static string FullPath(string text, string folder) => StoredPath.Resolve(text, folder) ?? text;
}
