namespace VpcComApi.GuestServices.Facts;

/// <summary>Selects the class for the operating system of this process.</summary>
internal static class OperatingSystemFacts
{
    /// <summary>The facts of this operating system.</summary>
    public static IOperatingSystemFacts Create() => OperatingSystem.IsWindows() ? new WindowsFacts() : new UnixFacts();
}
