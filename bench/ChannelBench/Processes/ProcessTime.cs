using System.Globalization;

namespace VpcComApi.ChannelBench.Processes;

/// <summary>The processor time of processes, read from /proc.</summary>
internal static class ProcessTime
{
    /// <summary>The kernel reports times in ticks of 10 ms, whatever its own clock is (USER_HZ of Linux on this architecture).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>The position of <c>utime</c> after the process's name in <c>/proc/PID/stat</c>; <c>stime</c> follows (proc(5)).</summary>
    private const int UserTimeField = 11;

    /// <summary>User and system time of a process and its running child processes.</summary>
    /// <param name="processId">The process id.</param>
    public static TimeSpan OfTree(int processId)
    {
        TimeSpan sum = Of(processId);
        foreach (int child in Children(processId))
        {
            sum += OfTree(child);
        }

        return sum;
    }

    private static TimeSpan Of(int processId)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{processId}/stat");
        }
        catch (IOException)
        {
            // It has just ended.
            return TimeSpan.Zero;
        }

        // The name is in parentheses and may contain any character, including a parenthesis.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[UserTimeField], CultureInfo.InvariantCulture)
            + long.Parse(fields[UserTimeField + 1], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static List<int> Children(int processId)
    {
        List<int> children = [];
        try
        {
            // A thread's children are listed with the thread that started them.
            foreach (string thread in Directory.GetDirectories($"/proc/{processId}/task"))
            {
                children.AddRange(File.ReadAllText(Path.Combine(thread, "children"))
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(child => int.Parse(child, CultureInfo.InvariantCulture)));
            }
        }
        catch (IOException)
        {
            // It, or one of its threads, has just ended.
        }

        return children;
    }
}
