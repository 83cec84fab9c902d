using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.CommandLine.Machines;
using VpcComApi.EventLogging;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Emulated;
using VpcComApi.VirtualMachines.Qemu;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>The domain in this process, with the event log that it writes and the providers that run its machines.</summary>
internal sealed class DomainHost : IMachinesHost
{
    private readonly ILoggerFactory loggers;
    private readonly VirtualMachineHost host;
    private volatile bool isEndRequested;

    private DomainHost(ILoggerFactory loggers, VirtualMachineHost host, string version)
    {
        this.loggers = loggers;
        this.host = host;
        Machines = new DomainMachines(host, new HostDescription(version, Environment.ProcessId, SeesChannels: true), RequestEnd);
        host.BusyChanged += OnBusyChanged;
    }

    /// <inheritdoc/>
    public event EventHandler? NeedChanged;

    /// <inheritdoc/>
    public IMachines Machines { get; }

    /// <inheritdoc/>
    public bool IsBusy => host.IsBusy;

    /// <inheritdoc/>
    public bool IsEndRequested => isEndRequested;

    /// <inheritdoc/>
    public TimeSpan IdleTimeout => host.IdleTimeout;

    /// <summary>Opens a user's machines.</summary>
    /// <param name="dataFolder">The user's data folder.</param>
    /// <param name="version">This program's version.</param>
    public static DomainHost Open(string dataFolder, string version)
    {
        ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddVirtualPcEventLog(
            new EventLogOptions { Folder = UserFolders.Logs, Program = "vpcctl" }));
        try
        {
            return new DomainHost(loggers, OpenDomain(dataFolder, loggers, makesFirstMachine: true), version);
        }
        catch
        {
            loggers.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a user's machines beside the process that hosts them, for work on disk images alone. It writes no events and makes no machine.
    /// </summary>
    /// <param name="dataFolder">The user's data folder.</param>
    public static VirtualMachineHost OpenForDisks(string dataFolder) => OpenDomain(dataFolder, NullLoggerFactory.Instance, makesFirstMachine: false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        host.BusyChanged -= OnBusyChanged;
        await host.DisposeAsync();
        loggers.Dispose();
    }

    private static VirtualMachineHost OpenDomain(string dataFolder, ILoggerFactory loggers, bool makesFirstMachine) => VirtualMachineHost.Open(new VirtualMachineHostOptions
    {
        DataFolder = dataFolder,
        MakesFirstMachine = makesFirstMachine,
        Providers =
        [
            new EmulatedMachineProvider(new EmulatedMachineOptions { LoggerFactory = loggers }),
            new QemuMachineProvider(new QemuMachineOptions { LoggerFactory = loggers }),
        ],
        LoggerFactory = loggers,
    });

    private void RequestEnd()
    {
        isEndRequested = true;
        NeedChanged?.Invoke(this, EventArgs.Empty);
    }

    private void OnBusyChanged(object? sender, EventArgs e) => NeedChanged?.Invoke(this, EventArgs.Empty);
}
