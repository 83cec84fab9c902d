using VpcComApi.GuestServices.Facts;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Tests;

/// <summary>The real operating system's facts, with a screen that a test locks.</summary>
internal sealed class ChangingFacts : IOperatingSystemFacts
{
    private readonly IOperatingSystemFacts real = OperatingSystemFacts.Create();

    public bool IsScreenLocked { get; set; }

    public GuestFacts Read() => real.Read() with { ScreenLocked = IsScreenLocked };
}
