using System.Runtime.Versioning;
using VpcComApi.CommandLine.Hosting;
using VpcComApi.Platform.Folders;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Tests;

/// <summary>Not in parallel: the user's run-time folder is found by an environment variable.</summary>
[NonParallelizable]
[Platform(Exclude = "Win")]
[UnsupportedOSPlatform("windows")]
public sealed class HostEndpointTests
{
    private const string RuntimeFolderVariable = "XDG_RUNTIME_DIR";
    private const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string? runtimeFolder = Environment.GetEnvironmentVariable(RuntimeFolderVariable);

    [TearDown]
    public void Restore() => Environment.SetEnvironmentVariable(RuntimeFolderVariable, runtimeFolder);

    [Test]
    public void Only_the_user_can_reach_the_socket()
    {
        using TestDirectory data = new();
        Directory.CreateDirectory(data.PathOf("Host"), OnlyUser | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        HostEndpoint endpoint = HostEndpoint.Of(data.FullPath);

        Assert.That(File.GetUnixFileMode(Path.GetDirectoryName(endpoint.Socket)!), Is.EqualTo(OnlyUser));
        Assert.That(endpoint.LockFile, Does.StartWith(data.FullPath));
    }

    [Test]
    public void Two_data_folders_have_two_hosts()
    {
        using TestDirectory one = new();
        using TestDirectory two = new();

        Assert.That(HostEndpoint.Of(one.FullPath).Socket, Is.Not.EqualTo(HostEndpoint.Of(two.FullPath).Socket));
    }

    [Test]
    public void A_data_folder_that_is_too_deep_has_its_socket_in_the_run_time_folder()
    {
        using TestDirectory data = new();
        using TestDirectory runtime = new();
        Environment.SetEnvironmentVariable(RuntimeFolderVariable, runtime.FullPath);
        string one = data.PathOf(new string('d', 120));
        string two = data.PathOf(new string('e', 120));

        HostEndpoint endpoint = HostEndpoint.Of(one);

        Assert.That(endpoint.Socket, Does.StartWith(runtime.FullPath).And.Length.LessThan(108));
        Assert.That(endpoint.Socket, Is.EqualTo(HostEndpoint.Of(one).Socket).And.Not.EqualTo(HostEndpoint.Of(two).Socket));
        Assert.That(File.GetUnixFileMode(Path.GetDirectoryName(endpoint.Socket)!), Is.EqualTo(OnlyUser));
    }

    [Test]
    public void A_data_folder_that_is_too_deep_without_a_run_time_folder_is_refused_with_what_to_do()
    {
        using TestDirectory data = new();
        Environment.SetEnvironmentVariable(RuntimeFolderVariable, null);

        Assert.That(
            () => HostEndpoint.Of(data.PathOf(new string('d', 120))),
            Throws.TypeOf<VirtualMachineException>().With.Message.Contains(UserFolders.OverrideVariable));
    }
}
