using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpcComApi.EventLogging;
using VpcComApi.GuestServices.Devices;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Links;
using VpcComApi.GuestServices.Logging;
using VpcComApi.GuestServices.Machines.Real;
using VpcComApi.GuestServices.Removal;
using VpcComApi.GuestServices.Service;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.GuestServices.Hosting;

/// <summary>
/// Runs the guest service in a machine with an operating system of its own: as a Windows service, a systemd unit or a console program.
/// </summary>
internal static class HostedGuest
{
    /// <summary>The service's name in Windows, which is that of the original product.</summary>
    public const string WindowsServiceName = "1-vmsrvc";

    private const string EnvironmentPrefix = "VMSRVC_";
    private const string SettingsFile = "appsettings.json";

    /// <summary>
    /// How long the host builder waits for the bus. Creating the host, especially its logs, takes an emulated processor as much time as
    /// everything until the bus is ready. The limit ensures that the service manager sees the service start even if the bus gets no answer.
    /// </summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromSeconds(2);

    /// <summary>Runs until the service is stopped.</summary>
    /// <param name="bus">The bus address from the command line, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<int> RunAsync(string? bus, CancellationToken cancellationToken)
    {
        IConfigurationRoot settings = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, SettingsFile), optional: true, reloadOnChange: false)
            .AddEnvironmentVariables(EnvironmentPrefix)
            .Build();
        GuestServiceOptions options;
        try
        {
            options = ReadOptions(bus ?? settings["Bus"], settings["Key"]);
        }
        catch (InvalidDataException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Failure;
        }

        IOperatingSystemFacts facts = OperatingSystemFacts.Create();
        EarlyLogger early = new();
        GuestHostLog.Starts(early, GuestService.ComponentsVersion, options.Bus.ToString());
        RealGuestMachine machine = new(facts, GuestFolders.ParameterFile);
        GuestService service = new(options, machine, facts, early);
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration? terminate = StopOn(PosixSignal.SIGTERM, stopping);
        using PosixSignalRegistration? interrupt = StopOn(PosixSignal.SIGINT, stopping);
        Task serving = service.RunAsync(stopping.Token);
        try
        {
            await Task.WhenAny(service.FirstTry, serving, Task.Delay(HeadStart, stopping.Token));
            Task all = Task.WhenAll(
                serving,
                DeviceServer.RunAsync(service, early, stopping.Token),
                RemovalServer.RunAsync(machine.AnnounceRemovalAsync, early, stopping.Token));
            await RunHostAsync(new GuestRun(all, stopping, early), settings["Logs"], stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The service was stopped before it was up.
        }
        finally
        {
            await stopping.CancelAsync();
            await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCode.Success;
    }

    /// <summary>Runs the host for a service that is already running.</summary>
    private static async Task RunHostAsync(GuestRun run, string? logFolder, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ApplicationName = "vmsrvc",
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging
            .AddSimpleConsole(console => console.SingleLine = true)
            .AddVirtualPcEventLog(new EventLogOptions { Program = "vmsrvc", Folder = logFolder ?? GuestFolders.Logs });

        // Called after the console was added: under systemd this changes its format to that of the journal.
        builder.Services.AddWindowsService(service => service.ServiceName = WindowsServiceName).AddSystemd();
        builder.Services
            .AddSingleton(run)
            .AddHostedService<GuestHostedService>();

        using IHost host = builder.Build();
        await host.RunAsync(cancellationToken);
    }

    /// <summary>
    /// The host handles signals once it is up; an earlier signal must not kill the process. Windows services are stopped without signals.
    /// </summary>
    private static PosixSignalRegistration? StopOn(PosixSignal signal, CancellationTokenSource stopping) =>
        OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stopping.Cancel();
        });

    private static GuestServiceOptions ReadOptions(string? bus, string? key)
    {
        if (string.IsNullOrEmpty(bus))
        {
            throw new InvalidDataException(
                $"The address of the bus is missing. Set it with --bus ADDRESS, the environment variable VMSRVC_BUS, or \"Bus\" in "
                    + $"{SettingsFile}: {BusAddress.Forms}.");
        }

        if (!BusAddress.TryParse(bus, out BusAddress? address))
        {
            throw new InvalidDataException($"'{bus}' is not a bus address. Valid forms are {BusAddress.Forms}.");
        }

        LinkKey? linkKey = null;
        return string.IsNullOrEmpty(key) || LinkKey.TryParse(key, out linkKey)
            ? new GuestServiceOptions { Bus = address, Key = linkKey }
            : throw new InvalidDataException($"The link's key must have {2 * LinkKey.Size} hexadecimal digits.");
    }
}
