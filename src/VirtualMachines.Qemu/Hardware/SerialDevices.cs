using System.Globalization;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>
/// Adds the two serial ports of each machine to QEMU. Each is a socket to which this process is connected as long as the machine runs.
/// </summary>
internal static class SerialDevices
{
    /// <summary>The number of ports.</summary>
    public const int Count = 2;

    /// <summary>The name of a port: of its character device, and of its Unix socket in the machine's folder.</summary>
    /// <param name="port">0 for COM1.</param>
    public static string Name(int port) => string.Create(CultureInfo.InvariantCulture, $"com{port + 1}");

    /// <summary>Adds the ports.</summary>
    /// <param name="arguments">QEMU's arguments.</param>
    /// <param name="backends">The options of their sockets, COM1 first.</param>
    public static void Add(List<string> arguments, IReadOnlyList<string> backends)
    {
        for (int port = 0; port < backends.Count; port++)
        {
            arguments.AddRange(
            [
                "-chardev", $"socket,id={Name(port)},{backends[port]}",
                "-device", string.Create(CultureInfo.InvariantCulture, $"isa-serial,index={port},chardev={Name(port)}"),
            ]);
        }
    }
}
