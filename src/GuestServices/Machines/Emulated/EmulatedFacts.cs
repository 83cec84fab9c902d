using VpcComApi.GuestServices.Facts;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines.Emulated;

/// <summary>What an emulated guest says of itself: the facts of the system that its process runs on, with its own screen.</summary>
/// <param name="system">The system's facts.</param>
/// <param name="sessions">The guest's own sessions.</param>
internal sealed class EmulatedFacts(IOperatingSystemFacts system, EmulatedSessions sessions) : IOperatingSystemFacts
{
    /// <inheritdoc/>
    public bool IsScreenLocked => sessions.IsLocked;

    /// <inheritdoc/>
    public GuestFacts Read() => system.Read() with { ScreenLocked = sessions.IsLocked };
}
