using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.PhysicalHost;
using VpcComApi.VirtualMachines.Search;
using VpcComApi.VirtualMachines.SupportDrivers;

namespace VpcComApi.VirtualMachines;

/// <content>What the host has: the computer itself, virtual networks, USB devices, files.</content>
public sealed partial class VirtualMachineHost
{
    /// <summary>What of the host's free memory is left to the host when machines are suggested a size, in parts of it: a quarter.</summary>
    private const int ShareLeftToHost = 4;

    private static readonly string[] HardDiskExtensions = [".vhd"];
    private static readonly string[] FloppyDiskExtensions = [".vfd", ".flp"];
    private static readonly string[] DvdExtensions = [".iso"];
    private static readonly string[] ConfigurationExtensions = [MachineFiles.ConfigurationExtension];

    /// <summary>The folder that holds the media of the integration components.</summary>
    public string IntegrationMediaFolder => options.IntegrationMediaFolder;

    /// <summary>The computer.</summary>
    public HostComputer Computer { get; }

    /// <summary>The virtual networks that can be used now: the internal one, the shared one, one for each host adapter.</summary>
    public IReadOnlyList<VirtualNetwork> VirtualNetworks => VirtualNetworkList.All;

    /// <summary>The network cards of all machines that are attached to no network.</summary>
    public IReadOnlyList<NetworkCard> UnconnectedNetworkCards => VirtualNetworkList.UnconnectedCards;

    /// <summary>The host's USB devices.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.UsbEnumerationFailed"/>, <see cref="VirtualMachineError.TooManyUsbDevices"/>.
    /// </exception>
    public IReadOnlyList<UsbDevice> UsbDevices => UsbDeviceList.All;

    /// <summary>What runs machines on this host.</summary>
    public IReadOnlyList<SupportDriver> SupportDrivers { get; }

    /// <summary>
    /// How much memory a machine can have without starving the host, in megabytes: three quarters of what is free now, within the limits of
    /// a machine.
    /// </summary>
    public int SuggestedMaximumMemoryMegabytes
    {
        get
        {
            long available = Computer.Memory.AvailableMegabytes;
            return (int)Math.Clamp(
                available - (available / ShareLeftToHost), MachineLimits.MinimumMemoryMegabytes, MachineLimits.MaximumMemoryMegabytes);
        }
    }

    /// <summary>The folders in which files are looked for.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.ValueNotFound"/>: they were never set; or a folder is missing, or its path is not usable.
    /// </exception>
    public IReadOnlyList<string> SearchPaths
    {
        get => preferences.SearchPaths ?? throw new VirtualMachineException(
            VirtualMachineError.ValueNotFound, "No search paths were ever set. Set SearchPaths to an array of folders.");
        set => preferences.SearchPaths = value;
    }

    /// <summary>The virtual networks.</summary>
    internal VirtualNetworkList VirtualNetworkList { get; }

    /// <summary>The USB devices.</summary>
    internal UsbDeviceList UsbDeviceList { get; }

    /// <summary>Finds a virtual network by name, ignoring case.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The network, or null.</returns>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: no network can have such a name.
    /// </exception>
    public VirtualNetwork? FindVirtualNetwork(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl)
            ? throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument, $"'{name}' is no name of a virtual network. Take one from VirtualNetworks.")
            : VirtualNetworkList.Find(name);
    }

    /// <summary>Finds virtual hard disks under the search paths and further folders.</summary>
    /// <param name="furtherFolders">Absolute paths. A folder that is missing is passed over.</param>
    /// <param name="cancellationToken">Gives the search up.</param>
    /// <returns>Full paths.</returns>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: a further folder's path is not usable.
    /// </exception>
    public IReadOnlyList<string> FindHardDiskFiles(IReadOnlyList<string> furtherFolders, CancellationToken cancellationToken) =>
        Find([], furtherFolders, HardDiskExtensions, cancellationToken);

    /// <summary>Finds images of floppy disks, also among the media of the integration components.</summary>
    /// <inheritdoc cref="FindHardDiskFiles"/>
    public IReadOnlyList<string> FindFloppyDiskFiles(IReadOnlyList<string> furtherFolders, CancellationToken cancellationToken) =>
        Find([IntegrationMediaFolder], furtherFolders, FloppyDiskExtensions, cancellationToken);

    /// <summary>Finds images of CDs and DVDs, also among the media of the integration components.</summary>
    /// <inheritdoc cref="FindHardDiskFiles"/>
    public IReadOnlyList<string> FindDvdFiles(IReadOnlyList<string> furtherFolders, CancellationToken cancellationToken) =>
        Find([IntegrationMediaFolder], furtherFolders, DvdExtensions, cancellationToken);

    /// <summary>Finds configurations of machines, also in <see cref="DefaultConfigurationPath"/>.</summary>
    /// <param name="furtherFolders">Absolute paths. A folder that is missing is passed over.</param>
    /// <param name="excludeRegistered">Whether those of registered machines are left out.</param>
    /// <param name="cancellationToken">Gives the search up.</param>
    /// <returns>Full paths.</returns>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: a further folder's path is not usable.
    /// </exception>
    public IReadOnlyList<string> FindConfigurationFiles(
        IReadOnlyList<string> furtherFolders, bool excludeRegistered, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> found = Find([DefaultConfigurationPath], furtherFolders, ConfigurationExtensions, cancellationToken);
        return excludeRegistered ? [.. found.Except(Catalogue.RegisteredFiles, PathRules.FileNameComparer)] : found;
    }

    private IReadOnlyList<string> Find(
        IEnumerable<string> ownFolders, IReadOnlyList<string> furtherFolders, string[] extensions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(furtherFolders);
        List<string> further = [];
        foreach (string folder in furtherFolders)
        {
            try
            {
                further.Add(PathRules.Check(folder));
            }
            catch (VirtualMachineException e)
            {
                throw new VirtualMachineException(VirtualMachineError.InvalidArgument, $"A folder to search is not usable. {e.Message}", e);
            }
        }

        return new FileSearch(FileSearchLimits.Default, TimeProvider, logger)
            .Find([.. preferences.SearchPaths ?? [], .. ownFolders, .. further], extensions, cancellationToken);
    }
}
