using System.ComponentModel;
using System.Diagnostics;

namespace VpcComApi.GuestServices.Local;

/// <summary>The processes of vmsrvc on this computer.</summary>
internal static class ServiceProcesses
{
    private const string ProcessName = "vmsrvc";

    /// <summary>Their ids in order, without that of this process. Some of them may not be services.</summary>
    public static IEnumerable<int> Find() => Find(static _ => true);

    /// <summary>The ids of those that run the same program file as this process.</summary>
    public static IEnumerable<int> FindOfThisProgram() => Find(static process => ProgramOf(process) == Environment.ProcessPath);

    private static IEnumerable<int> Find(Predicate<Process> isWanted)
    {
        foreach (Process process in Process.GetProcessesByName(ProcessName).OrderBy(process => process.Id))
        {
            using (process)
            {
                if (process.Id != Environment.ProcessId && isWanted(process))
                {
                    yield return process.Id;
                }
            }
        }
    }

    private static string? ProgramOf(Process process)
    {
        try
        {
            return process.MainModule?.FileName;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            // It has ended, or belongs to another user.
            return null;
        }
    }
}
