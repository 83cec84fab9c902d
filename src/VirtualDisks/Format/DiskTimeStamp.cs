namespace VpcComApi.VirtualDisks.Format;

/// <summary>Points in time as images keep them: whole seconds since 2000-01-01 00:00 UTC, 32 bits.</summary>
internal static class DiskTimeStamp
{
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The stamp of a time; one outside the 32 bits becomes the nearest inside.</summary>
    /// <param name="utc">The time.</param>
    public static uint Of(DateTime utc) => (uint)Math.Clamp(Math.Floor((utc - Epoch).TotalSeconds), 0, uint.MaxValue);

    /// <summary>The time of a stamp.</summary>
    /// <param name="stamp">The stamp.</param>
    public static DateTime ToUtc(uint stamp) => Epoch.AddSeconds(stamp);
}
