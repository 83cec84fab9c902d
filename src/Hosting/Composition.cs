using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.EventLogging;
using VpcComApi.Platform.Folders;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Emulated;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.Hosting;

/// <summary>
/// Creates what a program needs to host a user's machines: the providers, the folders and the event log. Every program of this product that
/// opens machines uses this class, so that a machine runs in the same way whichever program has started it.
/// </summary>
internal static class Composition
{
    /// <summary>The known keys of a machine's file, including those of the providers.</summary>
    public static KnownKeys KnownKeys { get; } = KnownKeys.Machine.With(QemuMachineProvider.KnownKeys);

    /// <summary>Opens the event log of a user, to which all programs write.</summary>
    /// <param name="program">The program's name in the event log: <c>vpc</c>, <c>vpcctl</c>.</param>
    /// <param name="useWindowsEventLog">Whether events are also written to the Windows event log, if its source is registered.</param>
    /// <param name="observer">Also receives each message; null for none. It is disposed with the factory.</param>
    public static ILoggerFactory OpenEventLog(string program, bool useWindowsEventLog = true, ILoggerProvider? observer = null) =>
        LoggerFactory.Create(logging =>
        {
            logging.AddVirtualPcEventLog(
                new EventLogOptions { Folder = UserFolders.Logs, Program = program, UseWindowsEventLog = useWindowsEventLog });
            if (observer is not null)
            {
                logging.AddProvider(observer);
            }
        });

    /// <summary>Opens a user's machines, to run them. If no machine was ever registered, one is created.</summary>
    /// <param name="dataFolder">The user's data folder.</param>
    /// <param name="loggerFactory">Receives log messages. The caller disposes it after the machines.</param>
    /// <exception cref="VirtualMachineException">The folder cannot be used.</exception>
    public static VirtualMachineHost OpenMachines(string dataFolder, ILoggerFactory loggerFactory) =>
        Open(dataFolder, loggerFactory, makesFirstMachine: true);

    /// <summary>
    /// Opens a user's machines in a second process in addition to the one that hosts them, for work on disk images only. It writes no
    /// events and creates no machine.
    /// </summary>
    /// <param name="dataFolder">The user's data folder.</param>
    /// <exception cref="VirtualMachineException">The folder cannot be used.</exception>
    public static VirtualMachineHost OpenForDisks(string dataFolder) =>
        Open(dataFolder, NullLoggerFactory.Instance, makesFirstMachine: false);

    private static VirtualMachineHost Open(string dataFolder, ILoggerFactory loggerFactory, bool makesFirstMachine) =>
        VirtualMachineHost.Open(new VirtualMachineHostOptions
        {
            DataFolder = dataFolder,
            MakesFirstMachine = makesFirstMachine,
            Providers = MakeProviders(loggerFactory),
            LoggerFactory = loggerFactory,
        });

    /// <summary>The providers, the default one first.</summary>
    private static IReadOnlyList<IMachineProvider> MakeProviders(ILoggerFactory loggerFactory) =>
    [
        new EmulatedMachineProvider(new EmulatedMachineOptions { LoggerFactory = loggerFactory }),
        new QemuMachineProvider(new QemuMachineOptions { LoggerFactory = loggerFactory }),
    ];
}
