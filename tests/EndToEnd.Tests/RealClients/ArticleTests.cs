using System.Net.NetworkInformation;
using VpcComApi.EndToEnd.Tests.Cpp;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.RealClients;

/// <summary>
/// The article's own client and server, compiled and run unchanged. Not part of a normal run, since the article is not in this repository:
/// VPCCOMAPI_ARTICLE=FILE dotnet test tests/EndToEnd.Tests --filter FullyQualifiedName~ArticleTests
/// </summary>
[TestFixture]
[Explicit("Needs the article's text, named by " + ArticleListings.FileVariable + ".")]
internal sealed class ArticleTests
{
    private const int ServerPort = 6174;

    private static readonly CppArchitecture[] Architectures = [CppArchitecture.X64, CppArchitecture.X86];

    [TestCaseSource(nameof(Architectures))]
    public async Task The_articles_server_receives_from_the_articles_client(CppArchitecture architecture)
    {
        ArticleListings article = ArticleListings.Read();
        using TestDirectory folder = new();
        string client = await article.CompileClientAsync(architecture, folder);
        string server = await article.CompileServerAsync(architecture, folder);
        await StartMachineAsync(folder);

        await using RunningProgram guest = RegisteredServer.Windows.Start(server);
        // What it writes stays in its buffer until it ends, and it accepts one connection only: its port must be seen from outside.
        await Wait.UntilAsync(
            () => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == ServerPort),
            "the article's server to listen");
        ProgramResult host = await RegisteredServer.Windows.RunAsync(client, limit: RegisteredServer.ClientLimit);
        ProgramResult heard = await guest.FinishAsync();

        Assert.That(host.Output, Is.EqualTo("Sending 'Hello World!' to guest.\n"), host.ToString());
        Assert.That(heard.Output, Does.EndWith("Bytes received: 26\nMessage received from host is 'Hello World!'\n"), heard.ToString());
    }

    /// <summary>The article expects a running machine.</summary>
    private static async Task StartMachineAsync(TestDirectory folder)
    {
        string script = folder.WriteText("start.vbs", """
            Set machine = CreateObject("VirtualPC.Application").FindVirtualMachine("Windows XP Mode")
            If machine.State <> 5 Then machine.Startup.WaitForCompletion 120000
            WScript.Echo "State " & machine.State
            """);
        ProgramResult started = await RegisteredServer.Windows.RunScriptAsync(script);
        Assert.That(started.OutputLines[^1], Is.EqualTo("State 5"), started.ToString());
    }
}
