using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Facts;

/// <summary>Information about the operating system.</summary>
internal interface IOperatingSystemFacts
{
    /// <summary>Whether the screen is locked now.</summary>
    bool IsScreenLocked { get; }

    /// <summary>
    /// Reads all facts, in the text forms of the COM contract. Fields that do not depend on the operating system are left empty.
    /// </summary>
    GuestFacts Read();
}
