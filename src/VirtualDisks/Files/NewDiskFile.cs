namespace VpcComApi.VirtualDisks.Files;

/// <summary>
/// A file in the making: it has a name of its own beside its place, and takes its place when it is whole and on the disk. Given up, it
/// leaves nothing.
/// </summary>
internal sealed class NewDiskFile : IDisposable
{
    /// <summary>
    /// What is added to the name while the file is not whole. A fixed text, so that what a crash left is overwritten by the next try.
    /// </summary>
    public const string TemporarySuffix = ".new";

    private readonly string path;
    private readonly bool replaces;
    private bool committed;

    private NewDiskFile(string path, bool replaces)
    {
        this.path = path;
        this.replaces = replaces;
        File = DiskFile.Create(path + TemporarySuffix);
    }

    /// <summary>The file.</summary>
    public IDiskFile File { get; }

    /// <summary>Begins a file whose name must be free.</summary>
    /// <param name="path">Its place.</param>
    /// <exception cref="VirtualDiskException"><see cref="VirtualDiskError.AlreadyExists"/>.</exception>
    public static NewDiskFile Begin(string path) => System.IO.File.Exists(path) || Directory.Exists(path)
        ? throw Exists(path)
        : new NewDiskFile(path, replaces: false);

    /// <summary>Begins a file that will replace another.</summary>
    /// <param name="path">Its place.</param>
    public static NewDiskFile BeginReplacement(string path) => new(path, replaces: true);

    /// <summary>Puts the file in its place.</summary>
    /// <param name="beforeMove">What to do when the file is whole and closed, and not yet in its place.</param>
    public void Commit(Action<string>? beforeMove = null)
    {
        File.Flush();
        File.Dispose();
        beforeMove?.Invoke(path + TemporarySuffix);
        try
        {
            System.IO.File.Move(path + TemporarySuffix, path, replaces);
        }
        catch (IOException e) when (!replaces && System.IO.File.Exists(path))
        {
            throw new VirtualDiskException(VirtualDiskError.AlreadyExists, Exists(path).Message, e);
        }

        committed = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Dispose();
        if (!committed)
        {
            System.IO.File.Delete(path + TemporarySuffix);
        }
    }

    private static VirtualDiskException Exists(string path) =>
        new(VirtualDiskError.AlreadyExists, $"There is a file {path} already. Choose another name, or delete it.");
}
