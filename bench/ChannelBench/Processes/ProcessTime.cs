using System.Globalization;

namespace VpcComApi.ChannelBench.Processes;

/// <summary>What processes have used of the processors, as /proc tells it.</summary>
internal static class ProcessTime
{
    /// <summary>The kernel tells times in ticks of 10 ms, whatever its own clock is (USER_HZ of Linux on this architecture).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>The place of <c>utime</c> behind the process's name in <c>/proc/PID/stat</c>; <c>stime</c> follows (proc(5)).</summary>
    private const int UserTimeField = 11;

    /// <summary>User and system time of a process and all that it has started and that still runs.</summary>
    /// <param name="processId">Its number.</param>
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

        // The name is in parentheses and may hold anything, also a parenthesis.
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
