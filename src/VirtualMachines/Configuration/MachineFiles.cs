namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// The files of one machine. They lie in one folder and are called like the machine: the configuration (.vmc), its description for the
/// shell (.vmcx), the saved state (.vsv) and the non-volatile memory (.nvr, this product's own). See
/// http://blogs.technet.com/b/windows_vpc/archive/2009/12/02/various-file-types-for-virtual-machine-backup-in-windows-virtual-pc.aspx.
/// </summary>
internal sealed record MachineFiles
{
    /// <summary>The configuration's file extension.</summary>
    public const string ConfigurationExtension = ".vmc";

    private const string DescriptionExtension = ".vmcx";
    private const string SavedStateExtension = ".vsv";
    private const string MemoryExtension = ".nvr";

    private MachineFiles(string configuration) => Configuration = configuration;

    /// <summary>The full path of the .vmc file.</summary>
    public string Configuration { get; }

    /// <summary>The machine's name.</summary>
    public string Name => Path.GetFileNameWithoutExtension(Configuration);

    /// <summary>The folder, as a full path.</summary>
    public string Folder => Path.GetDirectoryName(Configuration)!;

    /// <summary>The full path of the .vmcx file.</summary>
    public string Description => Path.ChangeExtension(Configuration, DescriptionExtension);

    /// <summary>The full path of the .vsv file.</summary>
    public string SavedState => Path.ChangeExtension(Configuration, SavedStateExtension);

    /// <summary>The full path of the file that keeps the machine's non-volatile memory, where its provider has one.</summary>
    public string NonVolatileMemory => Path.ChangeExtension(Configuration, MemoryExtension);

    /// <summary>The files of a machine whose configuration's path is known and good.</summary>
    /// <param name="configuration">The full path of the .vmc file.</param>
    public static MachineFiles Of(string configuration) => new(configuration);

    /// <summary>Answers what a caller's name and path mean.</summary>
    /// <param name="name">The name; without one, the path names the file.</param>
    /// <param name="path">The folder, or the full path of the .vmc file.</param>
    /// <param name="nameMayHaveExtension">Whether <c>.vmc</c> at the name's end is no part of it.</param>
    /// <param name="checkName">Looks at the name after its own rules were checked and before the path's are.</param>
    /// <exception cref="VirtualMachineException">The first refusal, in the contract's order: name, duplicate name, path.</exception>
    public static MachineFiles Resolve(string? name, string? path, bool nameMayHaveExtension, Action<string>? checkName = null)
    {
        if (path is null)
        {
            throw new VirtualMachineException(
                VirtualMachineError.MissingArgument, "No path was given. Give the machine's folder, or the full path of its .vmc file.");
        }

        bool pathNamesFile = string.IsNullOrEmpty(name);
        if (pathNamesFile)
        {
            name = NameInPath(path);
        }
        else if (nameMayHaveExtension && name!.EndsWith(ConfigurationExtension, StringComparison.OrdinalIgnoreCase))
        {
            name = name[..^ConfigurationExtension.Length];
        }

        MachineNames.Check(name!);
        checkName?.Invoke(name!);
        string checkedPath = PathRules.Check(path);
        string configuration = pathNamesFile ? checkedPath : Path.Combine(checkedPath, name + ConfigurationExtension);
        MachineFiles files = new(configuration);

        // The description's path is the longest.
        PathRules.CheckLength(files.Description);
        return files;
    }

    /// <summary>The files after a change of the machine's name.</summary>
    /// <param name="name">The new name, checked.</param>
    public MachineFiles Renamed(string name) => new(Path.Combine(Folder, name + ConfigurationExtension));

    private static string NameInPath(string path)
    {
        // Both separators, so that a Windows path given on Linux is refused for being no absolute path, not for its name.
        string fileName = path[(path.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        return fileName.EndsWith(ConfigurationExtension, StringComparison.OrdinalIgnoreCase)
            ? fileName[..^ConfigurationExtension.Length]
            : throw new VirtualMachineException(
                VirtualMachineError.ConfigurationWithoutName,
                $"No name was given, and '{path}' does not name a {ConfigurationExtension} file. "
                    + "Give a name and a folder, or the file's full path.");
    }
}
