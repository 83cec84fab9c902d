using Microsoft.Extensions.Logging;
using VpcComApi.CommandLine.Machines;
using VpcComApi.Hosting;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>The domain in this process, with the event log that it writes.</summary>
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
        ILoggerFactory loggers = Composition.OpenEventLog("vpcctl");
        try
        {
            return new DomainHost(loggers, Composition.OpenMachines(dataFolder, loggers), version);
        }
        catch
        {
            loggers.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        host.BusyChanged -= OnBusyChanged;
        await host.DisposeAsync();
        loggers.Dispose();
    }

    private void RequestEnd()
    {
        isEndRequested = true;
        NeedChanged?.Invoke(this, EventArgs.Empty);
    }

    private void OnBusyChanged(object? sender, EventArgs e) => NeedChanged?.Invoke(this, EventArgs.Empty);
}
