using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Qmp;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Devices;

/// <summary>The display of a QEMU machine, its standard VGA, as QEMU's screendump shows it.</summary>
/// <param name="operate">Executes a command of the control channel and translates its failures.</param>
/// <param name="folder">The folder for temporary picture files, which only this user may enter.</param>
internal sealed class QemuDisplay(Func<string, Func<QmpClient, Task>, CancellationToken, Task> operate, string folder) : IDisplayDevice
{
    /// <summary>The size of the picture of a VGA text mode: 80 or 40 columns of 9 pixels, or 8.</summary>
    private const int TextHeight = 400;

    private static readonly int[] TextWidths = [720, 640, 360, 320];

    /// <inheritdoc/>
    public async Task<DisplayMode> ReadModeAsync(CancellationToken cancellationToken)
    {
        const int VgaWidth = 640;
        const int VgaHeight = 480;
        DisplayImage image = await CaptureAsync(cancellationToken);
        VideoMode mode = image.Height == TextHeight && TextWidths.Contains(image.Width) ? VideoMode.Text
            : image.Width <= VgaWidth && image.Height <= VgaHeight ? VideoMode.Vga
            : VideoMode.Svga;
        return new DisplayMode(image.Width, image.Height, mode);
    }

    /// <inheritdoc/>
    public async Task<DisplayImage> CaptureAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, Guid.NewGuid().ToString("N") + ".ppm");
        try
        {
            await operate(
                "show its display",
                qmp => qmp.ExecuteAsync("screendump", json => json.WriteString("filename", QemuPath.Of(path)), cancellationToken),
                cancellationToken);
            return PortablePixmap.Read(await File.ReadAllBytesAsync(path, cancellationToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed, $"QEMU's picture of the display cannot be read: {e.Message}", e);
        }
        finally
        {
            DeleteIfThere(path);
        }
    }

    private static void DeleteIfThere(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // The machine has ended and its folder was deleted.
        }
    }
}
