using System.Diagnostics;
using VpcComApi.TestSupport;

namespace VpcComApi.VirtualMachines.Emulated.Tests;

/// <summary>A host that is killed leaves no guest, and nothing of one.</summary>
public sealed class HostDeathTests
{
    [TestCase("running")]
    [TestCase("paused")]
    [CancelAfter(60_000)]
    public async Task A_host_that_is_killed_leaves_no_guest(string state)
    {
        using TestDirectory folder = new();
        ProcessLedger ledger = new(folder.FullPath);
        string program = Path.Combine(
            AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "EmulatedMachineHost.exe" : "EmulatedMachineHost");
        ProcessStartInfo startInfo = new(program, [state]) { Environment = { ["XDG_RUNTIME_DIR"] = folder.FullPath } };
        await using RunningProgram host = RunningProgram.Start(startInfo);
        await host.WaitForOutputAsync("machine is up");
        Assert.That(ProcessLedger.Find(folder.FullPath), Has.Count.EqualTo(2), "the host and its guest");

        // Not the tree: the guest must end by itself.
        using Process process = Process.GetProcessById(host.Id);
        process.Kill();

        await ledger.AssertNothingLeftAsync();
        Assert.That(Directory.EnumerateFileSystemEntries(folder.FullPath), Is.Empty);
    }
}
