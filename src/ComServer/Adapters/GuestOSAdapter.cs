using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Guests;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMGuestOS: the operating system in a machine.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="guest">The guest.</param>
[GeneratedComClass]
internal sealed partial class GuestOSAdapter(Application application, GuestOperatingSystem guest)
    : VMGuestOSBase(application.Dispatcher), IDescribedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.GuestOSClass;

    /// <inheritdoc/>
    public override void InstallIntegrationComponents() => guest.InstallIntegrationComponents();

    /// <inheritdoc/>
    public override IVMTask Shutdown(bool inForced) => application.AdapterOf(guest.Shutdown(inForced));

    /// <inheritdoc/>
    public override IVMTask Restart(bool inForced) => application.AdapterOf(guest.Restart(inForced));

    /// <inheritdoc/>
    public override IVMTask Logoff() => application.AdapterOf(guest.Logoff());

    /// <inheritdoc/>
    public override nint GetOsVersionInfo() => GuestVersionBlock.Allocate(guest.Facts);

    /// <inheritdoc/>
    public override bool get_IsHostTimeSyncEnabled() => guest.IsHostTimeSyncEnabled;

    /// <inheritdoc/>
    public override void put_IsHostTimeSyncEnabled(bool shouldEnable) => guest.IsHostTimeSyncEnabled = shouldEnable;

    /// <inheritdoc/>
    public override int get_HeartbeatPercentage() => guest.HeartbeatPercentage;

    /// <inheritdoc/>
    public override bool get_IsHeartbeating() => guest.IsHeartbeating;

    /// <inheritdoc/>
    public override string get_IntegrationComponentsVersion() => guest.IntegrationComponentsVersion;

    /// <inheritdoc/>
    public override int get_CanShutdown(out bool canShutdown) => KnownOrNot(guest.CanShutdown, out canShutdown);

    /// <inheritdoc/>
    public override int get_TerminalServicesInitialized(out bool termServStatus) =>
        KnownOrNot(guest.Facts.TerminalServicesInitialized, out termServStatus);

    /// <inheritdoc/>
    public override int get_MultipleUserSessionsAllowed(out bool sessionStatus) =>
        KnownOrNot(guest.Facts.MultipleUserSessionsAllowed, out sessionStatus);

    /// <inheritdoc/>
    public override int get_TerminalServerPort(out int tsPort) => KnownOrNot(guest.Facts.TerminalServerPort, out tsPort);

    /// <inheritdoc/>
    public override string get_OSName() => guest.Facts.OSName;

    /// <inheritdoc/>
    public override string get_OSMajorVersion() => guest.Facts.OSMajorVersion;

    /// <inheritdoc/>
    public override string get_OSMinorVersion() => guest.Facts.OSMinorVersion;

    /// <inheritdoc/>
    public override string get_OSBuildNumber() => guest.Facts.OSBuildNumber;

    /// <inheritdoc/>
    public override string get_OSVersion() => guest.Facts.OSVersion;

    /// <inheritdoc/>
    public override string get_OSPlatformId() => guest.Facts.OSPlatformId;

    /// <inheritdoc/>
    public override string get_CSDVersion() => guest.Facts.CsdVersion;

    /// <inheritdoc/>
    public override string get_ServicePackMajor() => guest.Facts.ServicePackMajor;

    /// <inheritdoc/>
    public override string get_ServicePackMinor() => guest.Facts.ServicePackMinor;

    /// <inheritdoc/>
    public override string get_SuiteMask() => guest.Facts.SuiteMask;

    /// <inheritdoc/>
    public override string get_ProductType() => guest.Facts.ProductType;

    /// <inheritdoc/>
    public override string get_ComputerName() => guest.Facts.ComputerName;

    /// <inheritdoc/>
    public override bool get_ScreenLocked() => guest.Facts.ScreenLocked;

    /// <inheritdoc/>
    public override string GetParameter(string? inParameterName) =>
        application.Wait(stopping => guest.GetParameterAsync(inParameterName, stopping));

    /// <inheritdoc/>
    public override void SetParameter(string? inParameterName, string? inParameterValue) =>
        application.Wait(stopping => guest.SetParameterAsync(inParameterName, inParameterValue, stopping));

    /// <inheritdoc/>
    public override bool IsUserLoggedOn(int inRailSession) =>
        application.Wait(stopping => guest.IsUserLoggedOnAsync(inRailSession, stopping));

    /// <summary>What the guest does not know is S_FALSE, with a value that means nothing.</summary>
    private static int KnownOrNot<T>(T? fact, out T value)
        where T : struct
    {
        value = fact.GetValueOrDefault();
        return fact.HasValue ? HResults.S_OK : HResults.S_FALSE;
    }
}
