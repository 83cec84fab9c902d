using System.Diagnostics;
using VpcComApi.EndToEnd.Tests.Cpp;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.Qemu;

/// <summary>
/// Real COM clients, unchanged, exchange text with programs in a Linux that QEMU has booted and that has no network card.
/// </summary>
[TestFixture]
[Platform(Exclude = "Win", Reason = "The guest image is made of Debian packages.")]
internal sealed class BootedGuestTests
{
    private BootedGuest guest = null!;

    [OneTimeSetUp]
    public async Task Boot() => guest = await BootedGuest.StartAsync();

    [OneTimeTearDown]
    public async Task End()
    {
        if (guest is not null)
        {
            await guest.DisposeAsync();
        }
    }

    [Test]
    public async Task The_guests_firmware_shows_the_asset_tag_that_COM_gave_and_there_is_no_network_card()
    {
        Assert.That(guest.AssetTag, Is.Not.Empty);

        string report = await guest.TalkAsync(BootedGuest.ReportPort);

        Assert.That(report, Does.StartWith($"asset tag: {guest.AssetTag}; network cards: none; "));
    }

    [Test]
    public async Task A_program_in_the_guest_receives_from_a_client_and_answers()
    {
        Assert.That(await guest.TalkAsync(BootedGuest.RecordingPort), Is.EqualTo("Guest heard: Hello from 64-bit C++"));
        Assert.That(await guest.TalkAsync(BootedGuest.ReportPort), Does.Contain("Hello from 64-bit C++|"));
    }

    /// <summary>
    /// Not part of a normal run, since the article is not in this repository:
    /// VPCCOMAPI_ARTICLE=FILE dotnet test tests/EndToEnd.Tests --filter "FullyQualifiedName~BootedGuestTests"
    /// </summary>
    [Test]
    [Explicit("Needs the article's text, named by " + RealClients.ArticleListings.FileVariable + ".")]
    public async Task The_articles_client_reaches_the_guest()
    {
        using TestDirectory folder = new();
        string client = await RealClients.ArticleListings.Read().CompileClientAsync(CppArchitecture.X64, folder);

        ProgramResult sent = await guest.Windows.RunAsync(client, limit: BootedGuest.ClientLimit);

        Assert.That(sent.Output, Is.EqualTo("Sending 'Hello World!' to guest.\n"), sent.ToString());
        Assert.That(await guest.TalkAsync(BootedGuest.ReportPort), Does.Contain("Hello World!|"));
    }

    [Test]
    public async Task The_display_is_shown_through_COM()
    {
        using TestDirectory folder = new();
        string picture = folder.PathOf("thumbnail.png");

        ProgramResult shown = await guest.Windows.RunAsync(
            Path.Combine(PublishedProducts.WindowsFolder, "vpcctl.exe"),
            ["screenshot", "Windows XP Mode", "--out", guest.Windows.ToWindowsPath(picture)],
            limit: BootedGuest.ClientLimit);

        Assert.That(shown.ExitCode, Is.Zero, shown.ToString());
        Assert.That(File.ReadAllBytes(picture).AsSpan(1, 3).ToArray(), Is.EqualTo("PNG"u8.ToArray()));
    }

    [Test]
    public async Task A_server_that_dies_takes_its_QEMU_with_it()
    {
        await using BootedGuest other = await BootedGuest.StartAsync();
        Assert.That(other.Processes, Is.Not.Empty);
        using Process server = Process.GetProcessById(other.Windows.ProcessesOf("vpc.exe").Except(other.Processes).Single());

        server.Kill();

        await Wait.UntilAsync(() => other.Processes.Count == 0, "QEMU to end with its server");
    }
}
