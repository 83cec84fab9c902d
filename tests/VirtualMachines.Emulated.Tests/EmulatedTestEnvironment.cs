using VpcComApi.TestSupport;

namespace VpcComApi.VirtualMachines.Emulated.Tests;

/// <summary>
/// Marks the guests that a fixture starts, by a folder in their environment that also takes their sockets. The environment is the whole test
/// process's, so fixtures that use it do not run at the same time.
/// </summary>
internal sealed class EmulatedTestEnvironment : IDisposable
{
    private const string RuntimeFolderVariable = "XDG_RUNTIME_DIR";

    private readonly TestDirectory folder = new();
    private readonly string? before = Environment.GetEnvironmentVariable(RuntimeFolderVariable);

    public EmulatedTestEnvironment() => Environment.SetEnvironmentVariable(RuntimeFolderVariable, folder.FullPath);

    /// <summary>The guests that run now.</summary>
    public IReadOnlyList<int> GuestProcesses => ProcessLedger.Find(folder.FullPath);

    /// <summary>The folders of sockets that are there now.</summary>
    public IEnumerable<string> SocketFolders => Directory.EnumerateFileSystemEntries(folder.FullPath);

    public async Task AssertNothingLeftAsync()
    {
        await Wait.UntilAsync(() => GuestProcesses.Count == 0, "all guests to end");
        await Wait.UntilAsync(() => !SocketFolders.Any(), "all sockets and their folders to go");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(RuntimeFolderVariable, before);
        folder.Dispose();
    }
}
