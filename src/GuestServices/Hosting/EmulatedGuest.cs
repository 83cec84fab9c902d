using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Devices;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Links;
using VpcComApi.GuestServices.Logging;
using VpcComApi.GuestServices.Machines.Emulated;
using VpcComApi.GuestServices.Native;
using VpcComApi.GuestServices.Service;
using VpcComApi.GuestServices.Terminals;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.GuestServices.Hosting;

/// <summary>
/// Runs the guest service as the whole guest of an emulated machine. It uses no host builder: the guest is up when it has read one line and
/// connected, and it ends with its machine.
/// </summary>
internal static class EmulatedGuest
{
    /// <summary>How long closing the connections may take when the guest shuts down.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long a guest that shuts down waits for the readers of its serial lines.</summary>
    private static readonly TimeSpan SerialLimit = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the guest shuts down or the machine is turned off.</summary>
    /// <returns>The exit code that the machine reads.</returns>
    public static async Task<int> RunAsync()
    {
        if (OperatingSystem.IsLinux())
        {
            ParentDeath.Wakes();
        }

        // Ctrl-C in the host's terminal is sent to the whole foreground process group, but it is meant for the host.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        ILogger logger = new StandardErrorLogger(Console.OpenStandardError(), LogLevel.Information);

        try
        {
            using EmulatedBoard board = EmulatedBoard.PowerOn(Console.OpenStandardInput(), Console.OpenStandardOutput());
            return await RunAsync(board, OptionsOf(board.Description), logger);
        }
        catch (InvalidDataException e)
        {
            GuestHostLog.NoBoard(logger, e.Message);
            return ExitCode.Failure;
        }
    }

    private static async Task<int> RunAsync(EmulatedBoard board, GuestServiceOptions options, ILogger logger)
    {
        TextScreen screen = new();
        EmulatedGuestMachine machine = new(board, screen, options.TimeProvider);
        EmulatedFacts facts = new(OperatingSystemFacts.Create(), machine.Sessions);
        GuestService service = new(options, machine, facts, logger);
        EmulatedConsole console = new(board, machine, screen, facts, () => service.Devices);
        service.DevicesChanged += console.ShowStatus;
        using CancellationTokenSource stopping = new();
        Task serving = Task.WhenAll(
            machine.ServeWithComponentsAsync(service.RunAsync, stopping.Token),
            Task.Run(() => DeviceServer.RunAsync(service, logger, stopping.Token)),
            Task.Run(() => console.RunAsync(stopping.Token)));

        Task first = await Task.WhenAny(machine.ShutdownRequested, board.PowerLost, serving);
        if (first == serving)
        {
            // This task ends by itself only because of an error, which is to end the process so that the machine detects it.
            await serving;
        }

        if (first == machine.ShutdownRequested)
        {
            await console.FlushAsync(SerialLimit);
            await stopping.CancelAsync();
            await serving.WaitAsync(ShutdownLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return await machine.ShutdownRequested ? GuestExitCode.Restart : GuestExitCode.PowerOff;
        }

        // A machine that is turned off ends without an orderly shutdown. Only what the host cannot clean up if it has crashed is cleaned up
        // here.
        DeleteLink(options.Bus);
        return ExitCode.Success;
    }

    private static GuestServiceOptions OptionsOf(BoardDescription board) =>
        BusAddress.TryParse(board.Bus, out BusAddress? bus) && LinkKey.TryParse(board.Key, out LinkKey? key)
            ? new GuestServiceOptions { Bus = bus, Key = key }
            : throw new InvalidDataException($"The board has no usable bus address ('{board.Bus}') or key.");

    private static void DeleteLink(BusAddress bus)
    {
        if (bus is not UnixSocketAddress { SocketPath: { } path })
        {
            return;
        }

        try
        {
            File.Delete(path);
            Directory.Delete(Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The host is running and has done this already, or is doing it now.
        }
    }
}
