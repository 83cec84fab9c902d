using System.Buffers.Binary;
using VpcComApi.Platform.Folders;
using VpcComApi.Platform.Wine;
using VpcComApi.VirtualMachines.Qemu.Processes;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Programs;

/// <summary>
/// Determines which accelerator works on this computer. That a device exists and can be opened is not enough: it may hang as soon as a
/// guest executes, or execute so slowly that emulation is faster (observed with a /dev/kvm inside another virtual machine). So a machine is
/// started whose whole firmware is a loop that counts down and then ends QEMU with a defined exit code.
/// </summary>
internal static class AcceleratorProbe
{
    /// <summary>Emulation: slow, and works everywhere.</summary>
    public const string AlwaysThere = "tcg";

    /// <summary>
    /// How long the machine may take. The loop takes a processor a twentieth of a second; the rest is for QEMU's start on a busy computer.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>The number of iterations of the loop.</summary>
    private const int Rounds = 100_000_000;

    private const string FirmwareName = "probe.rom";
    private const int FirmwareSize = 64 * 1024;

    /// <summary>The position at which an x86 processor begins to execute: 16 bytes before the end of the firmware.</summary>
    private const int ResetVector = FirmwareSize - 16;

    private const byte ExitPort = 0xF4;
    private const byte ExitValue = 0x10;

    /// <summary>QEMU's isa-debug-exit ends with twice the value plus one.</summary>
    private const int ExitCode = (ExitValue << 1) | 1;

    /// <summary>Returns the best accelerator that works: that of the platform, otherwise emulation.</summary>
    /// <param name="qemu">QEMU's full path.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="VirtualMachineException">QEMU could not be started, or no folder for the probe could be created.</exception>
    public static async Task<string> FindAsync(string qemu, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        string? native = OperatingSystem.IsWindows() && !WineHost.IsPresent ? "whpx"
            : File.Exists(WineHost.IsPresent ? WineHost.UnixRoot + @"dev\kvm" : "/dev/kvm") ? "kvm"
            : null;
        return native is not null && await WorksAsync(qemu, native, timeProvider, cancellationToken) ? native : AlwaysThere;
    }

    private static async Task<bool> WorksAsync(
        string qemu, string accelerator, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        string? folder = null;
        try
        {
            folder = PrivateFolder.Make(FirmwareName);
            string firmware = Path.Combine(folder, FirmwareName);
            await File.WriteAllBytesAsync(firmware, MakeFirmware(), cancellationToken);
            ShortRun run = await ShortRun.RunAsync(
                qemu,
                [
                    "-accel", accelerator, "-machine", "pc", "-m", "16", "-bios", QemuPath.Of(firmware), "-nodefaults", "-no-user-config",
                    "-nic", "none",
                    "-display", "none", "-no-reboot", "-device", $"isa-debug-exit,iobase=0x{ExitPort:x},iosize=0x4",
                ],
                Limit,
                timeProvider,
                cancellationToken);
            return run.ExitCode == ExitCode;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed, $"QEMU's accelerator {accelerator} could not be tried: {e.Message}", e);
        }
        finally
        {
            if (folder is not null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static byte[] MakeFirmware()
    {
        byte[] firmware = new byte[FirmwareSize];

        // mov ecx, Rounds; again: dec ecx; jnz again; mov al, ExitValue; out ExitPort, al; hlt
        ReadOnlySpan<byte> code = [0x66, 0xB9, 0, 0, 0, 0, 0x66, 0x49, 0x75, 0xFC, 0xB0, ExitValue, 0xE6, ExitPort, 0xF4];
        code.CopyTo(firmware.AsSpan(ResetVector));
        BinaryPrimitives.WriteInt32LittleEndian(firmware.AsSpan(ResetVector + 2), Rounds);
        return firmware;
    }
}
