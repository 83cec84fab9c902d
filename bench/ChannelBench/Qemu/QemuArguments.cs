using System.Globalization;

namespace VpcComApi.ChannelBench.Qemu;

/// <summary>The command line of a QEMU that the product has started, for a QEMU of the benchmark with the same hardware.</summary>
internal static class QemuArguments
{
    private const string Program = "qemu-system";
    private const string SocketPrefix = "socket,id=";
    private const string BusPrefix = SocketPrefix + "bus,";
    private const string MemoryPrefix = "{\"driver\":\"file\",\"node-name\":\"memory\",";

    /// <summary>
    /// The options for sharing memory with the product. They are left out for the plain port, which neither uses that memory nor has its
    /// costs.
    /// </summary>
    private static readonly string[] SharedMemory =
    [
        "1,maxcpus=", "memory-backend-file,id=rings,", "ivshmem-plain,", "socket,id=doorbell,",
        "virtserialport,bus=vpcbus.0,chardev=doorbell,",
    ];

    /// <summary>The command line of the QEMU that runs a machine, its program first.</summary>
    /// <param name="machineName">The machine.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static IReadOnlyList<string> Of(string machineName)
    {
        string name = "guest=" + machineName;
        return Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(ReadCommandLine)
            .FirstOrDefault(
                words =>
                    words.Length > 0 && Path.GetFileName(words[0]).StartsWith(Program, StringComparison.Ordinal) && words.Contains(name))
            ?? throw new InvalidOperationException($"No QEMU runs the machine {machineName}.");
    }

    /// <summary>
    /// The same machine with another guest, another socket for its port, unconnected serial ports, and without the memory that it shares
    /// with the product. It runs at once; its control channel is not used.
    /// </summary>
    /// <param name="words">The product's command line.</param>
    /// <param name="socket">The path of the port's socket.</param>
    /// <param name="initialRamDisk">The guest.</param>
    public static IReadOnlyList<string> WithOther(IReadOnlyList<string> words, string socket, string initialRamDisk)
    {
        List<string> other = [];
        for (int index = 0; index < words.Count; index++)
        {
            switch (words[index])
            {
                case "-S":
                    break;
                case "-initrd":
                    other.AddRange([words[index], initialRamDisk]);
                    index++;
                    break;
                case { } word when word.StartsWith(BusPrefix, StringComparison.Ordinal):
                    other.Add($"{BusPrefix}path={socket},server=on,wait=off");
                    break;
                case { } word when word.StartsWith(MemoryPrefix, StringComparison.Ordinal):
                    // The product's QEMU has locked the file.
                    other.Add("""{"driver":"null-co","node-name":"memory","size":1474560,"read-zeroes":true}""");
                    break;
                case { } word when SharedMemory.Any(prefix => word.StartsWith(prefix, StringComparison.Ordinal)):
                    other.RemoveAt(other.Count - 1);
                    break;
                case { } word when word.StartsWith(SocketPrefix, StringComparison.Ordinal):
                    // A serial port's: its socket was deleted with the product's machine, and it is not used here.
                    other.Add($"null,id={word[SocketPrefix.Length..].Split(',')[0]}");
                    break;
                default:
                    other.Add(words[index]);
                    break;
            }
        }

        return other;
    }

    private static string[] ReadCommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            // It has just ended.
            return [];
        }
    }
}
