using VpcComApi.TestSupport;

namespace VpcComApi.ProviderConformance;

/// <summary>
/// Marks the machines' processes that a fixture starts, by a folder in their environment that also takes their sockets. The environment is
/// the whole test process's, so fixtures that use it do not run at the same time.
/// </summary>
public sealed class MachineTestEnvironment : IDisposable
{
    private const string RuntimeFolderVariable = "XDG_RUNTIME_DIR";

    private readonly TestDirectory folder = new();
    private readonly string? before = Environment.GetEnvironmentVariable(RuntimeFolderVariable);

    public MachineTestEnvironment() => Environment.SetEnvironmentVariable(RuntimeFolderVariable, folder.FullPath);

    /// <summary>The machines' processes that run now.</summary>
    public IReadOnlyList<int> Processes => ProcessLedger.Find(folder.FullPath);

    /// <summary>The folders of sockets that are there now.</summary>
    public IEnumerable<string> SocketFolders => Directory.EnumerateFileSystemEntries(folder.FullPath);

    public async Task AssertNothingLeftAsync()
    {
        await Wait.UntilAsync(() => Processes.Count == 0, "all machines' processes to end");
        await Wait.UntilAsync(() => !SocketFolders.Any(), "all sockets and their folders to go");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(RuntimeFolderVariable, before);
        folder.Dispose();
    }
}
