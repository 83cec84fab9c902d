using System.ComponentModel;
using System.Diagnostics;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Firmware;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines.Real;

/// <summary>A machine with an operating system of its own, which is shut down by the system's own command.</summary>
internal sealed class RealGuestMachine : IGuestMachine
{
    /// <summary>How long the shutdown command itself may take; the shutdown continues after it.</summary>
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(30);

    private readonly IOperatingSystemFacts facts;
    private volatile IHostNotifier? host;

    /// <summary>Detects the features of the machine.</summary>
    /// <param name="facts">Information about its operating system.</param>
    /// <param name="parameterFile">The full path of the file for parameters where there is no registry.</param>
    public RealGuestMachine(IOperatingSystemFacts facts, string parameterFile)
    {
        this.facts = facts;
        List<string> capabilities =
        [
            IntegrationCapabilities.Shutdown,
            IntegrationCapabilities.Parameters,
            IntegrationCapabilities.Sessions,
            IntegrationCapabilities.Devices,
        ];

        FirmwareTexts firmware = MachineFirmware.Read();
        if (OperatingSystem.IsWindows())
        {
            Parameters = new FirmwareParameters(new RegistryParameterStore(), firmware);
            Sessions = new WindowsLogonSessions();
            capabilities.Add(IntegrationCapabilities.Logoff);
        }
        else
        {
            Parameters = new FirmwareParameters(new FileParameterStore(parameterFile), firmware);
            Sessions = new NoLogonSessions();
        }

        if (Environment.IsPrivilegedProcess)
        {
            Clock = new SystemClock();
            capabilities.Add(IntegrationCapabilities.Clock);
        }

        Capabilities = capabilities;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Capabilities { get; }

    /// <inheritdoc/>
    public IParameterStore Parameters { get; }

    /// <inheritdoc/>
    public ILogonSessions Sessions { get; }

    /// <inheritdoc/>
    public IGuestClock? Clock { get; }

    /// <inheritdoc/>
    public void UseHost(IHostNotifier? host) => this.host = host;

    /// <summary>Informs the host that the guest service is being removed.</summary>
    /// <returns>Whether a host is connected and was informed.</returns>
    public async Task<bool> AnnounceRemovalAsync() => host is { } listener && await listener.NotifyAsync(new ComponentsRemoved());

    /// <inheritdoc/>
    public void CheckShutdown(bool forced)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new RequestRefusedException(
                IntegrationErrors.AccessDenied, "The guest service runs without the right to shut the guest down.");
        }

        if (!forced && facts.IsScreenLocked)
        {
            throw new RequestRefusedException(
                IntegrationErrors.MachineLocked, "The guest's screen is locked and the shutdown was not forced.");
        }
    }

    /// <inheritdoc/>
    public async Task ShutdownAsync(bool forced, bool restart, CancellationToken cancellationToken)
    {
        ProcessStartInfo command = Command(forced, restart);
        try
        {
            using Process process = Process.Start(command)!;
            await process.WaitForExitAsync(cancellationToken).WaitAsync(CommandLimit, cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new RequestRefusedException(IntegrationErrors.Failed, $"{command.FileName} ended with exit code {process.ExitCode}.");
            }
        }
        catch (Exception e) when (e is Win32Exception or TimeoutException)
        {
            throw new RequestRefusedException(
                IntegrationErrors.Failed, $"{command.FileName} could not shut the guest down: {e.Message}", e);
        }
    }

    private static ProcessStartInfo Command(bool forced, bool restart)
    {
        if (OperatingSystem.IsWindows())
        {
            string shutdown = Path.Combine(Environment.SystemDirectory, "shutdown.exe");
            string[] arguments = [restart ? "/r" : "/s", "/t", "0", .. forced ? (string[])["/f"] : []];
            return new ProcessStartInfo(shutdown, arguments) { CreateNoWindow = true };
        }

        // systemd's command, or the one of a small system without systemd.
        const string SystemdFolder = "/run/systemd/system";
        return Directory.Exists(SystemdFolder)
            ? new ProcessStartInfo("systemctl", [restart ? "reboot" : "poweroff"])
            : new ProcessStartInfo(restart ? "reboot" : "poweroff");
    }
}
