namespace VpcComApi.VirtualMachines.Guests;

/// <summary>Takes over what a guest says of itself: every text bounded, every number in its range.</summary>
internal static class GuestFactsReader
{
    /// <summary>Reads what came over the bus.</summary>
    internal static GuestFacts Read(VpcBus.Integration.GuestFacts said) => new()
    {
        ComputerName = GuestText.Bound(said.ComputerName),
        OSName = GuestText.Bound(said.OSName),
        OSVersion = GuestText.Bound(said.OSVersion),
        OSMajorVersion = GuestText.Bound(said.OSMajorVersion),
        OSMinorVersion = GuestText.Bound(said.OSMinorVersion),
        OSBuildNumber = GuestText.Bound(said.OSBuildNumber),
        OSPlatformId = GuestText.Bound(said.OSPlatformId),
        CsdVersion = GuestText.Bound(said.CsdVersion),
        ServicePackMajor = GuestText.Bound(said.ServicePackMajor),
        ServicePackMinor = GuestText.Bound(said.ServicePackMinor),
        SuiteMask = GuestText.Bound(said.SuiteMask),
        ProductType = GuestText.Bound(said.ProductType),
        ScreenLocked = said.ScreenLocked,
        TerminalServicesInitialized = said.TerminalServicesInitialized,
        MultipleUserSessionsAllowed = said.MultipleUserSessionsAllowed,
        TerminalServerPort = said.TerminalServerPort,
    };
}
