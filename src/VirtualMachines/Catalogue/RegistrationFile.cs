using System.Text;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>
/// Which machines a user has registered: a UTF-8 text file with the full path of one .vmc file a line; lines that begin with <c>#</c> are comments. Every
/// process of the user reads it anew when it has changed, and changes it under a lock.
/// </summary>
/// <param name="dataFolder">The folder of the user's data.</param>
internal sealed class RegistrationFile(string dataFolder)
{
    /// <summary>The most machines that can be registered.</summary>
    public const int MaximumMachines = 1000;

    private const string FileName = "Registrations.txt";
    private const string LockName = "Registrations.lock";
    private const string Heading = "# The registered machines of VpcComApi: one .vmc file a line.";
    private const int MaximumBytes = 1024 * 1024;

    private readonly string path = Path.Combine(dataFolder, FileName);
    private readonly CrossProcessLock changeLock = new(Path.Combine(dataFolder, LockName));

    /// <summary>Whether machines were ever registered here.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>What tells one content of the file from the next.</summary>
    public (DateTime Written, long Length) Stamp
    {
        get
        {
            FileInfo file = new(path);
            return (file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
        }
    }

    /// <summary>The registered files, in the order of their registration.</summary>
    /// <exception cref="VirtualMachineException">The file cannot be read.</exception>
    public IReadOnlyList<string> Read()
    {
        try
        {
            FileInfo file = new(path);
            if (!file.Exists)
            {
                return [];
            }

            if (file.Length > MaximumBytes)
            {
                throw new InvalidDataException($"it has {file.Length:N0} bytes; {MaximumBytes:N0} are allowed");
            }

            return [.. File.ReadAllLines(path, Encoding.UTF8)
                .Select(line => line.Trim())
                .Where(line => line.Length > 0 && line[0] != '#')
                .Distinct(FileNameComparer)
                .Take(MaximumMachines)];
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            throw StorageErrors.Translate(e, $"The list of registered machines {path} could not be read");
        }
    }

    /// <summary>Changes the list while no other process can.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="change">Changes the list; when it throws, nothing is written.</param>
    /// <exception cref="VirtualMachineException">The file cannot be read or written.</exception>
    public T Change<T>(Func<List<string>, T> change) => changeLock.Run(() =>
    {
        List<string> files = [.. Read()];
        T result = change(files);
        if (files.Count > MaximumMachines)
        {
            throw new VirtualMachineException(VirtualMachineError.OutOfResources, $"{MaximumMachines} machines are registered; no more are possible.");
        }

        try
        {
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(string.Join(Environment.NewLine, [Heading, .. files, string.Empty])));
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            throw StorageErrors.Translate(e, $"The list of registered machines {path} could not be written");
        }

        return result;
    });

    /// <summary>How the system compares the names of files.</summary>
    public static StringComparer FileNameComparer { get; } = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
}
