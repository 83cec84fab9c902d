using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.ComServer;

/// <summary>The registry before, with and after the server.</summary>
[TestFixture]
internal sealed class RegistrationTests
{
    private const string MachineClasses = @"HKLM\Software\Classes";
    private const string UserClasses = @"HKCU\Software\Classes";
    private const string EventSources = @"HKLM\System\CurrentControlSet\Services\EventLog";
    private const string ClassId = "9A1774B7-8251-4468-A214-61DCAED9AC2F";

    [SetUp]
    public void Require_Wine() => ToolRequirement.Require(ExternalTool.Wine);

    [TestCase("/RegServer")]
    [TestCase("-regserverperuser")]
    public async Task Unregistering_leaves_the_registry_as_it_was(string registerSwitch)
    {
        await using WineEnvironment windows = await WineEnvironment.CreateAsync();
        string before = await ExportAsync(windows);

        ProgramResult registration = await windows.RunAsync(PublishedProducts.ComServer, [registerSwitch]);
        string registered = await ExportAsync(windows);
        ProgramResult again = await windows.RunAsync(PublishedProducts.ComServer, [registerSwitch]);
        string registeredTwice = await ExportAsync(windows);
        ProgramResult removal = await windows.RunAsync(PublishedProducts.ComServer, ["/UnregServer"]);
        string after = await ExportAsync(windows);

        Assert.That(registration.ExitCode, Is.Zero, registration.ToString());
        Assert.That(registration.Output, Does.StartWith("Registered VirtualPC.Application"));
        Assert.That(registered, Does.Contain(ClassId).And.Contain("VirtualPC.Application.1"));
        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        Assert.That(registeredTwice, Is.EqualTo(registered));
        Assert.That(removal.ExitCode, Is.Zero, removal.ToString());
        Assert.That(after, Is.EqualTo(before));
    }

    [Test]
    public async Task The_class_and_its_interfaces_are_in_the_32_bit_view_too()
    {
        await using WineEnvironment windows = await WineEnvironment.CreateAsync();
        await windows.RunAsync(PublishedProducts.ComServer, ["/RegServer"]);

        foreach (string view in (string[])["/reg:32", "/reg:64"])
        {
            ProgramResult server = await windows.RunAsync(
                "reg", ["query", $@"HKLM\Software\Classes\CLSID\{{{ClassId}}}\LocalServer32", "/ve", view]);
            ProgramResult marshaller = await windows.RunAsync(
                "reg", ["query", @"HKLM\Software\Classes\Interface\{F7092AA1-33ED-4F78-A59F-C00ADFC2EDD7}\ProxyStubClsid32", "/ve", view]);
            Assert.That(server.Output, Does.Contain("vpc.exe\""), $"{view}: {server}");
            Assert.That(marshaller.Output, Does.Contain("{00020424-0000-0000-C000-000000000046}"), $"{view}: {marshaller}");
        }
    }

    [Test]
    public async Task Unregistering_what_is_not_registered_says_so_and_is_no_failure()
    {
        await using WineEnvironment windows = await WineEnvironment.CreateAsync();

        ProgramResult removal = await windows.RunAsync(PublishedProducts.ComServer, ["/UnregServer"]);

        Assert.That(removal.ExitCode, Is.Zero, removal.ToString());
        Assert.That(removal.Output, Does.Contain("was not registered"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "A symbolic link takes a privilege there.")]
    public async Task A_server_in_a_folder_with_blanks_in_its_name_is_found()
    {
        using TestDirectory folder = new();
        string link = folder.PathOf("Virtual PC");
        Directory.CreateSymbolicLink(link, PublishedProducts.WindowsFolder);
        await using WineEnvironment windows = await WineEnvironment.CreateAsync();
        await windows.RunAsync(Path.Combine(link, "vpc.exe"), ["/RegServer"]);

        string script = folder.WriteText("name.vbs", """
            Set application = CreateObject("VirtualPC.Application")
            application.SetConfigurationValue "idle_timeout", 1
            WScript.Echo application.Name
            """);
        await using RunningProgram client = windows.Start("cscript", "//nologo", windows.ToWindowsPath(script));
        await client.WaitForOutputAsync("Windows Virtual PC");
        int servers = windows.ProcessesOf(@"Virtual PC\vpc.exe").Count;
        await client.FinishAsync();

        Assert.That(servers, Is.EqualTo(1));
    }

    [TestCase("/?", 0, "/UnregServer")]
    [TestCase("/register", 2, "\"/register\" is not a switch")]
    public async Task The_command_line_answers_with_a_text_and_an_exit_code(string argument, int exitCode, string text)
    {
        await using WineEnvironment windows = await WineEnvironment.CreateAsync();

        ProgramResult result = await windows.RunAsync(PublishedProducts.ComServer, [argument]);

        Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.ToString());
        Assert.That(result.Output + result.Error, Does.Contain(text));
    }

    private static async Task<string> ExportAsync(WineEnvironment windows) => string.Join(
        '\n',
        await windows.ExportRegistryAsync(MachineClasses),
        await windows.ExportRegistryAsync(UserClasses),
        await windows.ExportRegistryAsync(EventSources));
}
