using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpcComApi.EventLogging;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Links;
using VpcComApi.GuestServices.Machines.Real;
using VpcComApi.GuestServices.Service;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.GuestServices.Hosting;

/// <summary>Runs the guest service in a machine with an operating system of its own: as a Windows service, a systemd unit or a console program.</summary>
internal static class HostedGuest
{
    /// <summary>The service's name in Windows, as the product had it.</summary>
    public const string WindowsServiceName = "1-vmsrvc";

    private const string EnvironmentPrefix = "VMSRVC_";
    private const string SettingsFile = "appsettings.json";

    /// <summary>Runs until the service is told to stop.</summary>
    /// <param name="bus">The bus address from the command line, or null.</param>
    /// <param name="cancellationToken">Tells it to stop.</param>
    public static async Task<int> RunAsync(string? bus, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ApplicationName = "vmsrvc",
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, SettingsFile), optional: true, reloadOnChange: false)
            .AddEnvironmentVariables(EnvironmentPrefix);

        GuestServiceOptions options;
        try
        {
            options = ReadOptions(bus ?? builder.Configuration["Bus"], builder.Configuration["Key"]);
        }
        catch (InvalidDataException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Failure;
        }

        builder.Logging
            .AddSimpleConsole(console => console.SingleLine = true)
            .AddVirtualPcEventLog(new EventLogOptions { Program = "vmsrvc", Folder = builder.Configuration["Logs"] ?? GuestFolders.Logs });

        // After the console: under systemd they give it the form that the journal reads.
        builder.Services.AddWindowsService(service => service.ServiceName = WindowsServiceName).AddSystemd();
        builder.Services
            .AddSingleton(options)
            .AddSingleton(OperatingSystemFacts.Create())
            .AddSingleton(services =>
                new RealGuestMachine(services.GetRequiredService<IOperatingSystemFacts>(), GuestFolders.ParameterFile))
            .AddHostedService<GuestHostedService>();

        using IHost host = builder.Build();
        await host.RunAsync(cancellationToken);
        return ExitCode.Success;
    }

    private static GuestServiceOptions ReadOptions(string? bus, string? key)
    {
        if (string.IsNullOrEmpty(bus))
        {
            throw new InvalidDataException(
                $"Where is the bus? Say it with --bus ADDRESS, with the environment variable VMSRVC_BUS, or with \"Bus\" in {SettingsFile}: {BusAddress.Forms}.");
        }

        if (!BusAddress.TryParse(bus, out BusAddress? address))
        {
            throw new InvalidDataException($"'{bus}' is no bus address. There are {BusAddress.Forms}.");
        }

        LinkKey? linkKey = null;
        return string.IsNullOrEmpty(key) || LinkKey.TryParse(key, out linkKey)
            ? new GuestServiceOptions { Bus = address, Key = linkKey }
            : throw new InvalidDataException($"The link's key must have {2 * LinkKey.Size} hexadecimal digits.");
    }
}
