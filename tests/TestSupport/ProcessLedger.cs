using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;

namespace VpcComApi.TestSupport;

/// <summary>
/// Proves that a test leaves no process behind. A process is the test's own when its command line or, on Linux, its environment holds
/// the marker: a folder only this test uses, a Wine prefix, a unique argument.
/// </summary>
/// <param name="marker">The text to look for.</param>
public sealed class ProcessLedger(string marker)
{
    private readonly HashSet<int> before = [.. Find(marker)];

    /// <summary>Waits until none of the processes that appeared since is left, and fails with their command lines otherwise.</summary>
    /// <param name="limit">How long they may take to end; <see cref="Wait.DefaultLimit"/> by default.</param>
    public async Task AssertNothingLeftAsync(TimeSpan? limit = null)
    {
        try
        {
            await Wait.UntilAsync(() => Left().Count == 0, "all processes to end", limit);
        }
        catch (TimeoutException)
        {
            Assert.That(Left().Select(id => $"{id}: {CommandLineOf(id)}"), Is.Empty, "processes left behind");
        }
    }

    /// <summary>The numbers of the processes that hold the marker.</summary>
    /// <param name="marker">The text to look for.</param>
    public static IReadOnlyList<int> Find(string marker) =>
        [.. AllProcesses().Where(id => id != Environment.ProcessId && Holds(id, marker))];

    private List<int> Left() => [.. Find(marker).Where(id => !before.Contains(id))];

    private static IEnumerable<int> AllProcesses() => OperatingSystem.IsLinux()
        ? Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0)
        : Process.GetProcesses().Select(process =>
        {
            using (process)
            {
                return process.Id;
            }
        });

    private static bool Holds(int id, string marker) => OperatingSystem.IsLinux()
        ? ReadProc(id, "environ").Contains(marker, StringComparison.Ordinal) || CommandLineOf(id).Contains(marker, StringComparison.Ordinal)
        : CommandLineOf(id).Contains(marker, StringComparison.OrdinalIgnoreCase);

    private static string CommandLineOf(int id)
    {
        if (OperatingSystem.IsLinux())
        {
            return ReadProc(id, "cmdline").Replace('\0', ' ').TrimEnd();
        }

        try
        {
            // On Windows another process's command line is available only through WMI or its memory; the program's path is enough here.
            using Process process = Process.GetProcessById(id);
            return process.MainModule?.FileName ?? process.ProcessName;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return string.Empty;
        }
    }

    private static string ReadProc(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or belongs to another user.
            return string.Empty;
        }
    }
}
