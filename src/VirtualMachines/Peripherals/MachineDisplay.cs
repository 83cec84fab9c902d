using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>A machine's display. The object exists whether or not the machine runs.</summary>
/// <remarks>
/// Unless a member says otherwise it fails with <see cref="VirtualMachineError.MachineUnknown"/> when the machine is no longer registered,
/// with <see cref="VirtualMachineError.MachineNotRunning"/> when it is off, and with <see cref="VirtualMachineError.NoDisplay"/> when it
/// has no display.
/// </remarks>
public sealed class MachineDisplay
{
    /// <summary>The least width that can be set, in pixels.</summary>
    public const int MinimumWidth = 640;

    /// <summary>The greatest width that can be set, in pixels.</summary>
    public const int MaximumWidth = 2048;

    /// <summary>The least height that can be set, in pixels.</summary>
    public const int MinimumHeight = 480;

    /// <summary>The greatest height that can be set, in pixels.</summary>
    public const int MaximumHeight = 1920;

    /// <summary>A width is a multiple of this.</summary>
    private const int WidthStep = 8;

    private readonly IMachineAccess owner;

    internal MachineDisplay(IMachineAccess owner) => this.owner = owner;

    /// <summary>Whether the guest accepts changes of the size.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.IntegrationFeatureNotAvailable"/>: its guest service is not up.
    /// </exception>
    public bool CanResize
    {
        get
        {
            DemandDisplay(MachineOperation.UseRunningDevices);
            return owner.DemandGuest().Can(IntegrationCapabilities.Display);
        }
    }

    /// <summary>Asks the guest for another size.</summary>
    /// <param name="width">640 to 2048 pixels, a multiple of 8.</param>
    /// <param name="height">480 to 1920 pixels.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: a number out of its range; <see cref="VirtualMachineError.TimedOut"/>: the guest
    /// does not answer, because it is paused or stuck; <see cref="VirtualMachineError.IntegrationFeatureNotAvailable"/>: it cannot.
    /// </exception>
    public async Task SetDimensionsAsync(int width, int height, CancellationToken cancellationToken)
    {
        if (width is < MinimumWidth or > MaximumWidth || width % WidthStep != 0 || height is < MinimumHeight or > MaximumHeight)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"A display cannot have {width} x {height} pixels: its width is {MinimumWidth} to {MaximumWidth}, a multiple of "
                    + $"{WidthStep}, and its height {MinimumHeight} to {MaximumHeight}.");
        }

        DemandDisplay(MachineOperation.ResizeDisplay);
        GuestConnection guest = owner.DemandGuest();
        if (!guest.Can(IntegrationCapabilities.Display))
        {
            throw new VirtualMachineException(
                VirtualMachineError.IntegrationFeatureNotAvailable,
                $"The guest of the machine '{owner.Name}' does not change the size of its display.");
        }

        await guest.AskAsync(id => Request.SetDisplaySize(id, width, height), "change the size of its display", cancellationToken);
    }

    /// <summary>How the display is set now.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<DisplayMode> ReadModeAsync(CancellationToken cancellationToken)
    {
        IDisplayDevice display = DemandDisplay(MachineOperation.UseRunningDevices);
        return owner.CallAsync("report the size of its display", display.ReadModeAsync, cancellationToken);
    }

    /// <summary>What the display shows now.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<DisplayImage> CaptureAsync(CancellationToken cancellationToken)
    {
        IDisplayDevice display = DemandDisplay(MachineOperation.UseRunningDevices);
        return owner.CallAsync("show its display", display.CaptureAsync, cancellationToken);
    }

    /// <summary>
    /// The display made small; see <see cref="DisplayThumbnail"/>. A machine that shows nothing, because it is off or has no display, is
    /// black.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<uint[]> PaintThumbnailAsync(CancellationToken cancellationToken)
    {
        try
        {
            return DisplayThumbnail.Paint(await CaptureAsync(cancellationToken));
        }
        catch (VirtualMachineException nothing) when (nothing.Error
            is VirtualMachineError.MachineUnknown or VirtualMachineError.MachineNotRunning or VirtualMachineError.NoDisplay)
        {
            return DisplayThumbnail.Black();
        }
    }

    private IDisplayDevice DemandDisplay(MachineOperation operation) => owner.Demand(operation, MachineCapabilities.Display).Display;
}
