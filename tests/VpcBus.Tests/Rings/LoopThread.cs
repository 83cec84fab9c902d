using System.Globalization;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>The one thread of this process that moves the bytes of all rings, as Linux counts it.</summary>
internal static class LoopThread
{
    private const double NanosecondsInMillisecond = 1_000_000;

    /// <summary>The processor time that it has taken so far. Other programs on the machine change nothing in it.</summary>
    public static double ProcessorMilliseconds => Directory.EnumerateDirectories("/proc/self/task")
        .Where(task => File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == "vpcbus rings")
        .Sum(
            task => double.Parse(
                File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture)) / NanosecondsInMillisecond;
}
