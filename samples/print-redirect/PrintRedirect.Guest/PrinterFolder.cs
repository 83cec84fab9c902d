using System.Threading.Channels;
using VpcComApi.ChannelEnds;

namespace VpcComApi.PrintRedirect.Guest;

/// <summary>
/// The folder that represents a printer. A document must be moved into it, or be renamed when it is complete: names that end in ".part" are
/// ignored. A document that the host refuses stays, with ".refused" at the end of its name.
/// </summary>
internal sealed class PrinterFolder : IDisposable
{
    private const string Unfinished = ".part";
    private const string Refused = ".refused";

    private readonly string folder;
    private readonly FileSystemWatcher watcher;

    /// <summary>One signal is enough for any number of changes, because the whole folder is read after it.</summary>
    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public PrinterFolder(string folder)
    {
        this.folder = Directory.CreateDirectory(folder).FullName;
        watcher = new FileSystemWatcher(this.folder);
        watcher.Created += (_, _) => changes.Writer.TryWrite(true);
        watcher.Renamed += (_, _) => changes.Writer.TryWrite(true);
        watcher.Error += (_, _) => changes.Writer.TryWrite(true);
        watcher.EnableRaisingEvents = true;
    }

    /// <summary>Sends existing and new documents, until the host closes the channel.</summary>
    public async Task SendDocumentsAsync(LineConnection host, CancellationToken stop)
    {
        // Between two documents the host sends nothing; if the read returns then, the channel has ended.
        Task<string?> answer = host.ReadLineAsync(stop);
        while (true)
        {
            foreach (string document in Documents())
            {
                await SendAsync(host, document, stop);
                if (await answer is not { } reply)
                {
                    return;
                }

                Settle(document, reply);
                answer = host.ReadLineAsync(stop);
            }

            Task change = changes.Reader.ReadAsync(stop).AsTask();
            if (await Task.WhenAny(change, answer) == answer)
            {
                changes.Writer.TryWrite(true);
                await change;
                return;
            }

            await change;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => watcher.Dispose();

    private static async Task SendAsync(LineConnection host, string document, CancellationToken stop)
    {
        await using FileStream content = File.OpenRead(document);
        await host.WriteLineAsync($"DOCUMENT {content.Length} {Path.GetFileName(document)}", stop);
        await host.WriteBytesAsync(content, stop);
    }

    private static void Settle(string document, string reply)
    {
        string name = Path.GetFileName(document);
        if (reply == "SPOOLED")
        {
            File.Delete(document);
            Console.WriteLine($"Printed: {name}");
        }
        else
        {
            File.Move(document, document + Refused, overwrite: true);
            Console.WriteLine($"Not printed: {name} ({reply})");
        }
    }

    private List<string> Documents() => [.. Directory.EnumerateFiles(folder)
        .Where(
            path => !path.EndsWith(Unfinished, StringComparison.OrdinalIgnoreCase)
                && !path.EndsWith(Refused, StringComparison.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal)];
}
