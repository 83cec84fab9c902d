using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Peripherals;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMDisplay: a machine's display.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="display">The display.</param>
[GeneratedComClass]
internal sealed partial class DisplayAdapter(Application application, MachineDisplay display)
    : VMDisplayBase(application.Dispatcher), IDescribedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.DisplayClass;

    /// <inheritdoc/>
    public override void SetDimensions(int displayPixelWidth, int displayPixelHeight) =>
        application.Wait(stopping => display.SetDimensionsAsync(displayPixelWidth, displayPixelHeight, stopping));

    /// <inheritdoc/>
    public override int get_Width() => application.Wait(display.ReadModeAsync).Width;

    /// <inheritdoc/>
    public override int get_Height() => application.Wait(display.ReadModeAsync).Height;

    /// <inheritdoc/>
    public override bool get_CanResize() => display.CanResize;

    /// <inheritdoc/>
    public override VMDisplayVideoMode get_VideoMode() => (VMDisplayVideoMode)application.Wait(display.ReadModeAsync).VideoMode;

    /// <inheritdoc/>
    public override unsafe void _GenerateThumbnail(nint thumbnailImage)
    {
        Arguments.Require(thumbnailImage, "_GenerateThumbnail", nameof(thumbnailImage));
        uint[] pixels = application.Wait(display.PaintThumbnailAsync);
        pixels.CopyTo(new Span<uint>((void*)thumbnailImage, pixels.Length));
    }

    /// <inheritdoc/>
    public override object? get_Thumbnail() =>
        Array.ConvertAll<uint, object?>(application.Wait(display.PaintThumbnailAsync), pixel => pixel);
}
