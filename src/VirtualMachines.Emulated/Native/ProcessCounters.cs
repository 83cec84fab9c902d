using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualMachines.Emulated.Native;

/// <summary>The resources that a process has used since its start.</summary>
/// <param name="ProcessorTime">Time on processors.</param>
/// <param name="BytesRead">
/// Bytes read: from disks on Linux, from files and devices of all kinds on Windows, which does not distinguish them.
/// </param>
/// <param name="BytesWritten">Bytes written, likewise.</param>
internal readonly record struct ProcessCounters(TimeSpan ProcessorTime, long BytesRead, long BytesWritten)
{
    /// <summary>
    /// The unit in which Linux reports processor time to programs, in parts of a second; fixed in its interface (USER_HZ).
    /// </summary>
    private const long TicksPerSecond = 100;

    // /proc/PID/stat, counted from the state that follows the name in parentheses; see
    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html.
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;

    private const string ReadField = "read_bytes: ";
    private const string WrittenField = "write_bytes: ";

    /// <summary>Reads the counters of a process.</summary>
    /// <param name="process">The process.</param>
    /// <exception cref="IOException">The process has ended, or the system does not provide them.</exception>
    public static ProcessCounters Read(Process process) => OperatingSystem.IsWindows() ? ReadOnWindows(process) : ReadOnLinux(process.Id);

    private static ProcessCounters ReadOnLinux(int processId)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{processId}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            long ticks = long.Parse(fields[UserTimeField], CultureInfo.InvariantCulture)
                + long.Parse(fields[SystemTimeField], CultureInfo.InvariantCulture);
            string[] lines = File.ReadAllLines($"/proc/{processId}/io");
            return new ProcessCounters(
                TimeSpan.FromTicks(ticks * (TimeSpan.TicksPerSecond / TicksPerSecond)), Number(ReadField), Number(WrittenField));

            long Number(string name) =>
                lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
                && long.TryParse(line.AsSpan(name.Length), CultureInfo.InvariantCulture, out long number)
                    ? number
                    : 0;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            throw new IOException($"The counters of process {processId} could not be read: {e.Message}", e);
        }
    }

    [SupportedOSPlatform("windows")]
    private static ProcessCounters ReadOnWindows(Process process)
    {
        try
        {
            if (!Kernel32.GetProcessTimes(process.SafeHandle, out _, out _, out long kernel, out long user))
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }

            Kernel32.IoCounters io = Kernel32.GetProcessIoCounters(process.SafeHandle, out Kernel32.IoCounters counters)
                ? counters
                : default;
            return new ProcessCounters(TimeSpan.FromTicks(kernel + user), (long)io.ReadBytes, (long)io.WrittenBytes);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new IOException($"The counters of the guest process could not be read: {e.Message}", e);
        }
    }
}
