using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.RealClients;

/// <summary>
/// One Windows with the COM server registered in it, for all fixtures of this namespace. Nobody starts the server: COM does, when a client
/// asks for it.
/// </summary>
[SetUpFixture]
internal sealed class RegisteredServer
{
    /// <summary>Where the clients run.</summary>
    public static WineEnvironment Windows { get; private set; } = null!;

    /// <summary>What a client of any language does: see samples/.</summary>
    public static TimeSpan ClientLimit { get; } = TimeSpan.FromMinutes(2);

    [OneTimeSetUp]
    public async Task Register()
    {
        ToolRequirement.Require(ExternalTool.Wine);
        Windows = await WineEnvironment.CreateAsync();
        ProgramResult registration = await Windows.RunAsync(PublishedProducts.ComServer, ["/RegServer"]);
        Assert.That(registration.ExitCode, Is.Zero, registration.ToString());
    }

    [OneTimeTearDown]
    public async Task Unregister()
    {
        if (Windows is null)
        {
            return;
        }

        await Windows.RunAsync(PublishedProducts.ComServer, ["/UnregServer"]);
        await Windows.DisposeAsync();
    }
}
