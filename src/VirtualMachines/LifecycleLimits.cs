namespace VpcComApi.VirtualMachines;

/// <summary>How long the steps of a machine's life may take. A provider that has not answered by then has failed.</summary>
internal static class LifecycleLimits
{
    /// <summary>Powering up, restoring included: a real machine may have gigabytes to read.</summary>
    public static readonly TimeSpan Start = TimeSpan.FromMinutes(5);

    /// <summary>Writing the saved state.</summary>
    public static readonly TimeSpan Save = TimeSpan.FromMinutes(10);

    /// <summary>Pulling the plug.</summary>
    public static readonly TimeSpan TurnOff = TimeSpan.FromSeconds(30);

    /// <summary>Pressing the reset button.</summary>
    public static readonly TimeSpan Reset = TimeSpan.FromSeconds(60);

    /// <summary>Stopping or continuing the guest's processor.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Giving a USB device to a machine or taking it back.</summary>
    public static readonly TimeSpan Usb = TimeSpan.FromSeconds(30);

    /// <summary>Ending channels and the session with the guest.</summary>
    public static readonly TimeSpan EndSession = TimeSpan.FromSeconds(15);

    /// <summary>Releasing what a provider holds for a machine.</summary>
    public static readonly TimeSpan Release = TimeSpan.FromSeconds(30);

    /// <summary>What a provider gets beyond a limit to clean up, once its token has been cancelled.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Fatal errors of a guest's processor that are reported in <see cref="ProcessorFaultPeriod"/>.</summary>
    public const int MostProcessorFaults = 10;

    /// <summary>See <see cref="MostProcessorFaults"/>.</summary>
    public static readonly TimeSpan ProcessorFaultPeriod = TimeSpan.FromMinutes(1);

    /// <summary>Ending all machines when the application ends; what is left then is turned off by force.</summary>
    public static readonly TimeSpan Quit = TimeSpan.FromMinutes(2);

    /// <summary>A guest's own shutdown, from its beginning to the machine's power-off: it may have updates to install.</summary>
    public static readonly TimeSpan GuestShutdown = TimeSpan.FromMinutes(10);

    /// <summary>A guest's own shutdown, before the machine is saved instead, when the application ends.</summary>
    public static readonly TimeSpan GuestShutdownOnQuit = TimeSpan.FromSeconds(60);

    /// <summary>Releasing what a provider holds for all of its machines, when the application ends.</summary>
    public static readonly TimeSpan ReleaseProvider = TimeSpan.FromSeconds(10);

    /// <summary>Delivering events to their handlers when the application ends.</summary>
    public static readonly TimeSpan DeliverEvents = TimeSpan.FromSeconds(5);

    /// <summary>Waiting for the operation that is under way on the same machine: longer than the longest of them.</summary>
    public static readonly TimeSpan Turn = Save + Grace + EndSession + Release + TimeSpan.FromMinutes(1);

    /// <summary>
    /// Waiting for the same where a caller's thread is kept, as when a property is set. What can be in the way of it then is another such
    /// change, which is quick.
    /// </summary>
    public static readonly TimeSpan QuickTurn = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Waiting for a change of a drive or a cable that another caller makes in a machine that runs: the call of a device, and the change of
    /// a file.
    /// </summary>
    public static readonly TimeSpan LiveChange = TimeSpan.FromSeconds(20);

    /// <summary>Waiting, in a start, for a change of a drive or a cable: longer than one can take.</summary>
    public static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(30);
}
