using Microsoft.Extensions.Logging;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;

namespace VpcComApi.VirtualMachines;

/// <summary>The user's preferences, kept in <c>Options.xml</c> in the data folder.</summary>
internal sealed class ApplicationPreferences
{
    /// <summary>Seconds that the process may idle before it ends.</summary>
    public const string IdleTimeoutKey = "idle_timeout";

    /// <summary>The name of the machine that a script takes when it is given none; a Microsoft sample reads it.</summary>
    public const string DefaultMachineKey = "default_vm";

    /// <summary>The folder of new machines. There is no published name for this key.</summary>
    public const string ConfigurationPathKey = "virtual_machines/configuration_path";

    /// <summary>How many search paths there are; without it they were never set. There are no published names for these keys.</summary>
    public const string SearchPathCountKey = "virtual_machines/search_paths/count";

    /// <summary>The most search paths.</summary>
    public const int MaximumSearchPaths = 1000;

    /// <summary>The idle time unless it is set.</summary>
    public const int DefaultIdleSeconds = 30;

    /// <summary>The shortest idle time: a client needs a moment between two objects.</summary>
    public const int MinimumIdleSeconds = 1;

    /// <summary>The longest idle time: a day.</summary>
    public const int MaximumIdleSeconds = 86_400;

    private const string FileName = "Options.xml";
    private const string Comment = "Windows Virtual PC Options";
    private const string PutAsideSuffix = ".damaged";

    private readonly ValueFile file;
    private readonly string defaultConfigurationPath;

    /// <summary>Opens the preferences, and makes them when they are missing. A damaged file is put aside.</summary>
    /// <param name="catalogue">Opens the file.</param>
    /// <param name="dataFolder">The folder of the user's data, which exists.</param>
    /// <param name="logger">Where damage goes.</param>
    public ApplicationPreferences(MachineCatalogue catalogue, string dataFolder, ILogger logger)
    {
        file = catalogue.OpenFile(Path.Combine(dataFolder, FileName));
        defaultConfigurationPath = Path.Combine(dataFolder, "Virtual Machines") + Path.DirectorySeparatorChar;
        Values = new FileValueStore(() => file, () => "the application", VirtualMachineError.MissingArgument);
        EnsureReadable(logger);
    }

    /// <summary>All values.</summary>
    public IValueStore Values { get; }

    /// <summary>How long the process may idle; a value that makes no sense counts as none, one out of range as the nearest in it.</summary>
    public TimeSpan IdleTimeout => TimeSpan.FromSeconds(
        Values.TryGetValue(IdleTimeoutKey, out object? value) && value is int seconds
            ? Math.Clamp(seconds, MinimumIdleSeconds, MaximumIdleSeconds)
            : DefaultIdleSeconds);

    /// <summary>
    /// The folder of new machines, with a separator at its end when it is the default one. A relative one in the file counts from the
    /// file's folder; a path of another system counts as none.
    /// </summary>
    /// <exception cref="VirtualMachineException">A folder that is set is missing, or its path is not usable.</exception>
    public string ConfigurationPath
    {
        get => (Values.TryGetValue(ConfigurationPathKey, out object? value) ? Resolve(value) : null) ?? defaultConfigurationPath;
        set
        {
            if (value is null)
            {
                throw new VirtualMachineException(VirtualMachineError.MissingArgument, "No folder was given for new machines.");
            }

            Values.SetValue(ConfigurationPathKey, CheckFolder(value));
        }
    }

    /// <summary>The folders in which files are looked for; null when they were never set.</summary>
    /// <exception cref="VirtualMachineException">
    /// A folder that is set is missing, or its path is not usable, or there are too many.
    /// </exception>
    public IReadOnlyList<string>? SearchPaths
    {
        get => Values.TryGetValue(SearchPathCountKey, out object? value) && value is int count and >= 0 and <= MaximumSearchPaths
            ? [.. Enumerable.Range(0, count)
                .Select(index => Values.TryGetValue(SearchPathKey(index), out object? path) ? Resolve(path) : null)
                .OfType<string>()]
            : null;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count > MaximumSearchPaths)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.InvalidArgument, $"There cannot be {value.Count} search paths; {MaximumSearchPaths} are possible.");
            }

            string[] folders = [.. value.Select(CheckFolder)];
            file.Update(document =>
            {
                for (int index = folders.Length; document.Remove(ValuePath.Parse(SearchPathKey(index))); index++)
                {
                    // Those that there were more of before.
                }

                document.Set(ValuePath.Parse(SearchPathCountKey), folders.Length);
                for (int index = 0; index < folders.Length; index++)
                {
                    document.Set(ValuePath.Parse(SearchPathKey(index)), folders[index]);
                }
            });
        }
    }

    private string? Resolve(object path) => path is string text ? StoredPath.Resolve(text, Path.GetDirectoryName(file.Path)!) : null;

    private static string SearchPathKey(int index) => $"virtual_machines/search_paths/path[@id={index}]";

    private static string CheckFolder(string path)
    {
        string folder = PathRules.Check(path);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        bool parentExists = Directory.Exists(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)));
        throw new VirtualMachineException(
            parentExists ? VirtualMachineError.FileNotFound : VirtualMachineError.PathNotFound,
            $"There is no folder {folder}. Make it first.");
    }

    private void PutAside(string putAside)
    {
        if (Directory.Exists(file.Path))
        {
            Directory.Move(file.Path, putAside);
        }
        else
        {
            File.Move(file.Path, putAside, overwrite: true);
        }
    }

    private void EnsureReadable(ILogger logger)
    {
        string putAside = file.Path + PutAsideSuffix;
        if (Path.Exists(file.Path))
        {
            try
            {
                _ = file.Current;
                return;
            }
            catch (VirtualMachineException e) when (e.InnerException is InvalidDataException or NotARegularFileException)
            {
                try
                {
                    PutAside(putAside);
                }
                catch (Exception failure) when (StorageErrors.IsStorageError(failure))
                {
                    throw StorageErrors.Translate(failure, $"The damaged preferences {file.Path} could not be put aside");
                }

                MachineLog.PreferencesDamaged(logger, file.Path, putAside, e.Message);
            }
        }

        XmlValueDocument preferences = XmlValueDocument.Create(ConfigurationKeys.Root, Comment);
        preferences.Set(ValuePath.Parse(IdleTimeoutKey), DefaultIdleSeconds);
        preferences.Set(ValuePath.Parse(DefaultMachineKey), VirtualMachineHost.FirstMachineName);
        file.Replace(preferences);
    }
}
