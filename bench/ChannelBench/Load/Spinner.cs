using System.Diagnostics;

namespace VpcComApi.ChannelBench.Load;

/// <summary>Other work that uses a core: a process that computes until its standard input ends, or for a limited time.</summary>
internal static class Spinner
{
    /// <summary>No measurement takes longer; a process that is left over ends by itself.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Computes.</summary>
    public static void Run()
    {
        long began = Stopwatch.GetTimestamp();
        bool isOver = false;
        new Thread(() =>
        {
            Console.In.ReadToEnd();
            Volatile.Write(ref isOver, true);
        })
        { IsBackground = true }.Start();

        Console.WriteLine("spinning");
        ulong work = 1;
        while (!Volatile.Read(ref isOver) && Stopwatch.GetElapsedTime(began) < Limit)
        {
            for (int step = 0; step < 100_000; step++)
            {
                work = (work * 6364136223846793005) + 1442695040888963407;
            }
        }

        // Prevents that the work is optimised away.
        Environment.ExitCode = work == 0 ? 1 : 0;
    }
}
