using VpcComApi.GuestServices.Facts;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines.Emulated;

/// <summary>The facts of an emulated guest: those of the system on which its process runs, except for the state of its screen.</summary>
/// <param name="system">The system's facts.</param>
/// <param name="sessions">The guest's own sessions.</param>
internal sealed class EmulatedFacts(IOperatingSystemFacts system, EmulatedSessions sessions) : IOperatingSystemFacts
{
    /// <inheritdoc/>
    public bool IsScreenLocked => sessions.IsLocked;

    /// <inheritdoc/>
    public GuestFacts Read() => system.Read() with { ScreenLocked = sessions.IsLocked };
}
