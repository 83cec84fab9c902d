using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Facts;

/// <summary>What the operating system says of itself.</summary>
internal interface IOperatingSystemFacts
{
    /// <summary>Whether the screen is locked now.</summary>
    bool IsScreenLocked { get; }

    /// <summary>
    /// Reads all facts, in the text forms of the COM contract. Fields that the operating system does not decide are left empty.
    /// </summary>
    GuestFacts Read();
}
