using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// A file of values that several threads and processes read and change. Readers see whole documents; a change is read, made and written
/// under a lock of the file that all processes share, whatever their data folders are, so that none is lost.
/// </summary>
/// <param name="path">The full path of the file.</param>
/// <param name="rootName">Its root element.</param>
/// <param name="lockFolder">The folder for a lock that cannot be beside the file.</param>
internal sealed class ValueFile(string path, string rootName, string lockFolder)
{
    private readonly Lock sync = new();
    private readonly FileChangeLock changeLock = new(path, lockFolder);
    private XmlValueDocument? cached;
    private (DateTime Written, long Length) cachedStamp;

    /// <summary>The full path of the file.</summary>
    public string Path { get; } = path;

    /// <summary>The document as it is on the disk now. Nobody changes it: a change makes a new one.</summary>
    /// <exception cref="VirtualMachineException">The file cannot be read, or is damaged; the text says why.</exception>
    public XmlValueDocument Current
    {
        get
        {
            lock (sync)
            {
                return Read(evenIfUnchanged: false);
            }
        }
    }

    /// <summary>Changes the document and writes the file.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="change">Makes the change; when it throws, nothing is written.</param>
    /// <exception cref="VirtualMachineException">The file cannot be read or written.</exception>
    public T Update<T>(Func<XmlValueDocument, T> change) => changeLock.Run(() =>
    {
        lock (sync)
        {
            XmlValueDocument document = Read(evenIfUnchanged: true).Clone();
            T result = change(document);
            Write(document);
            return result;
        }
    });

    /// <summary>Changes the document and writes the file.</summary>
    /// <param name="change">Makes the change; when it throws, nothing is written.</param>
    /// <exception cref="VirtualMachineException">The file cannot be read or written.</exception>
    public void Update(Action<XmlValueDocument> change) => Update(document =>
    {
        change(document);
        return true;
    });

    /// <summary>Writes a whole document, whatever the file holds.</summary>
    /// <param name="document">The document; the caller changes it no more.</param>
    /// <exception cref="VirtualMachineException">The file cannot be written.</exception>
    public void Replace(XmlValueDocument document) => changeLock.Run(() =>
    {
        lock (sync)
        {
            Write(document);
            return true;
        }
    });

    private XmlValueDocument Read(bool evenIfUnchanged)
    {
        try
        {
            (DateTime, long) stamp = Stamp();
            if (cached is null || evenIfUnchanged || stamp != cachedStamp)
            {
                cached = XmlValueDocument.Parse(RegularFile.ReadAllBytes(Path, XmlValueDocument.MaximumBytes), rootName);
                cachedStamp = stamp;
            }

            return cached;
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            cached = null;
            throw StorageErrors.Translate(e, $"The file {Path} could not be read");
        }
    }

    /// <summary>
    /// What differs between one content of the file and the next. A link has a time and a length of its own, which say nothing.
    /// </summary>
    private (DateTime Written, long Length) Stamp()
    {
        FileInfo file = new(Path);
        if (file.Exists && file.Attributes.HasFlag(FileAttributes.ReparsePoint))
        {
            file = new FileInfo(FileLinks.TargetOf(Path));
        }

        return (file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
    }

    private void Write(XmlValueDocument document)
    {
        byte[] content;
        try
        {
            content = document.ToBytes();
        }
        catch (InvalidDataException e)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"Nothing was written to {Path}, because the file could not be read afterwards: {e.Message}. "
                    + "Write a shorter value, or remove others first.",
                e);
        }

        try
        {
            AtomicFile.Write(Path, content);
            cachedStamp = Stamp();
            cached = document;
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            throw StorageErrors.Translate(e, $"The file {Path} could not be written");
        }
    }
}
