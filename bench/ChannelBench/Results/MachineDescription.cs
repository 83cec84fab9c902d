using System.Globalization;
using System.Runtime.InteropServices;

namespace VpcComApi.ChannelBench.Results;

/// <summary>The computer of the measurement, and its load.</summary>
/// <param name="OperatingSystem">Its name and kernel.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Cores">The number of cores that this process may use.</param>
/// <param name="Runtime">The .NET runtime of this program.</param>
/// <param name="LoadBefore">The average number of runnable threads in the minute before the run.</param>
internal sealed record MachineDescription(string OperatingSystem, string Processor, int Cores, string Runtime, double LoadBefore)
{
    /// <summary>Describes this machine.</summary>
    public static MachineDescription Read() => new(
        RuntimeInformation.OSDescription,
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(
            line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown",
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription,
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{OperatingSystem}; {Processor}, {Cores} cores; {Runtime}; load {LoadBefore:0.0} before the run");
}
