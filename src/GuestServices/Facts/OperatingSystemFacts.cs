namespace VpcComApi.GuestServices.Facts;

/// <summary>Chooses the facts of the operating system that we run on.</summary>
internal static class OperatingSystemFacts
{
    /// <summary>The facts of this operating system.</summary>
    public static IOperatingSystemFacts Create() => OperatingSystem.IsWindows() ? new WindowsFacts() : new UnixFacts();
}
