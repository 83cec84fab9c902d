using System.Text;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>
/// Which machines a user has registered: a UTF-8 text file with the full path of one .vmc file a line; lines that begin with <c>#</c> are
/// comments. Every process of the user reads it anew when it has changed, and changes it under a lock.
/// </summary>
/// <param name="dataFolder">The folder of the user's data.</param>
/// <param name="lockFolder">The folder of the locks that cannot be beside their files; it exists.</param>
internal sealed class RegistrationFile(string dataFolder, string lockFolder)
{
    /// <summary>The most machines that can be registered.</summary>
    public const int MaximumMachines = 1000;

    private const string FileName = "Registrations.txt";
    private const string Heading = "# The registered machines of VpcComApi: one .vmc file a line.";
    private const int MaximumBytes = 1024 * 1024;

    /// <summary>The most lines that are reported. A file with more is probably not this list.</summary>
    private const int MaximumProblems = 100;

    private readonly string path = Path.Combine(dataFolder, FileName);
    private readonly FileChangeLock changeLock = new(Path.Combine(dataFolder, FileName), lockFolder);

    /// <summary>Whether machines were ever registered here.</summary>
    public bool Exists => Path.Exists(path);

    /// <summary>What differs between one content of the file and the next.</summary>
    public (DateTime Written, long Length) Stamp
    {
        get
        {
            FileInfo file = new(path);
            return (file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
        }
    }

    /// <summary>What the file holds now; nothing when there is none.</summary>
    /// <exception cref="VirtualMachineException">The file cannot be read.</exception>
    public RegistrationList Read()
    {
        try
        {
            return Parse(RegularFile.ReadAllBytes(path, MaximumBytes));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return RegistrationList.Empty;
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
        RegistrationList before = Read();
        List<string> files = [.. before.Files];
        T result = change(files);
        if (files.Count > MaximumMachines)
        {
            throw new VirtualMachineException(
                VirtualMachineError.OutOfResources, $"{MaximumMachines} machines are registered; no more are possible.");
        }

        Write([Heading, .. files, .. before.UnusableLines, string.Empty]);
        return result;
    });

    private static string? WhyUnusable(string line)
    {
        if (line.Length >= PathRules.TooLong)
        {
            return $"it has {line.Length:N0} characters, and a path has fewer than {PathRules.TooLong}";
        }

        if (line.Any(char.IsControl))
        {
            return "it holds control characters";
        }

        if (!Path.IsPathFullyQualified(line) || !line.EndsWith(MachineFiles.ConfigurationExtension, StringComparison.OrdinalIgnoreCase))
        {
            return $"'{line}' is not the full path of a {MachineFiles.ConfigurationExtension} file";
        }

        try
        {
            MachineFiles.Resolve(name: null, line, nameMayHaveExtension: false);
            return null;
        }
        catch (VirtualMachineException e)
        {
            return e.Message.TrimEnd('.');
        }
    }

    private RegistrationList Parse(byte[] content)
    {
        List<string> files = [];
        List<string> unusable = [];
        List<CatalogueProblem> problems = [];
        HashSet<string> seen = new(PathRules.FileNameComparer);
        using StreamReader reader = new(new MemoryStream(content), Encoding.UTF8);
        int number = 0;
        while (reader.ReadLine() is { } read)
        {
            number++;
            string line = read.Trim();
            if (line.Length == 0 || line[0] == '#' || seen.Contains(line))
            {
                continue;
            }

            string? reason = files.Count < MaximumMachines
                ? WhyUnusable(line)
                : $"{MaximumMachines:N0} machines stand above it, and there can be no more";
            if (reason is null)
            {
                seen.Add(line);
                files.Add(line);
                continue;
            }

            unusable.Add(line);
            if (problems.Count < MaximumProblems)
            {
                problems.Add(new CatalogueProblem(
                    $"line {number}", path, $"Line {number} of {path} names no machine: {reason}. Correct the line or delete it."));
            }
        }

        return new RegistrationList(files, unusable, problems);
    }

    private void Write(IEnumerable<string> lines)
    {
        byte[] content = Encoding.UTF8.GetBytes(string.Join(Environment.NewLine, lines));
        if (content.Length > MaximumBytes)
        {
            throw new VirtualMachineException(
                VirtualMachineError.OutOfResources,
                $"The list of registered machines {path} would have {content.Length:N0} bytes, and {MaximumBytes:N0} can be read. "
                    + "Delete the lines in it that name no machine.");
        }

        try
        {
            AtomicFile.Write(path, content);
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            throw StorageErrors.Translate(e, $"The list of registered machines {path} could not be written");
        }
    }
}
