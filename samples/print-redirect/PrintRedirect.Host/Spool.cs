using System.Globalization;
using VpcComApi.ChannelEnds;

namespace VpcComApi.PrintRedirect.Host;

/// <summary>
/// The folder where documents wait for the host's printer. The guest is not trusted: it cannot choose the folder or a name outside it, and
/// the size of a document is limited.
/// </summary>
internal sealed class Spool
{
    private const long LargestDocument = 64 * 1024 * 1024;
    private const int LongestName = 100;

    private readonly string folder;
    private int number;

    public Spool(string folder) => this.folder = Directory.CreateDirectory(folder).FullName;

    /// <summary>Receives one document, whose announcement has arrived.</summary>
    public async Task ReceiveAsync(LineConnection guest, string announcement, CancellationToken stop)
    {
        if (announcement.Split(' ', 3) is not ["DOCUMENT", var length, var name]
            || !long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out long size))
        {
            throw new InvalidDataException($"a line arrived that is not of this protocol: \"{announcement}\"");
        }

        if (size > LargestDocument)
        {
            await guest.ReadBytesAsync(Stream.Null, size, stop);
            await guest.WriteLineAsync($"REFUSED larger than {LargestDocument / (1024 * 1024)} MiB", stop);
            Console.WriteLine($"Refused: {SafeName(name)}, {size} bytes");
            return;
        }

        string path = Path.Combine(folder, $"{++number:0000}-{SafeName(name)}");
        await using (FileStream unfinished = File.Create(path + ".part"))
        {
            await guest.ReadBytesAsync(unfinished, size, stop);
        }

        // Programs that watch the spool folder see only complete documents.
        File.Move(path + ".part", path, overwrite: true);
        await guest.WriteLineAsync("SPOOLED", stop);
        Console.WriteLine($"Spooled: {Path.GetFileName(path)}, {size} bytes");
    }

    private static string SafeName(string name)
    {
        char[] safe =
            [.. name.Take(LongestName).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_')];
        return new string(safe);
    }
}
