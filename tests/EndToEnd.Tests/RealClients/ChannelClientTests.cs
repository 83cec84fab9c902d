using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.RealClients;

/// <summary>The article's sequence, by a client in each language, through real COM.</summary>
[TestFixture]
internal sealed class ChannelClientTests
{
    private static IEnumerable<TestCaseData<ChannelClient>> Clients => ChannelClient.All.Select(client =>
        new TestCaseData<ChannelClient>(client).SetArgDisplayNames(client.Name));

    [TestCaseSource(nameof(Clients))]
    public async Task A_client_reaches_a_program_in_the_guest(ChannelClient client)
    {
        await using GuestProgram guest = new();
        string pipe = "e2e-" + Guid.NewGuid().ToString("N");

        ProgramResult result = await client.RunAsync([pipe, $"{guest.Port}"]);

        List<string> expected =
        [
            $@"Channel: \\.\pipe\{pipe} to guest port {guest.Port}",
            $"Sent: {client.Greeting}",
        ];
        if (client.ReceivesAnswer)
        {
            expected.Add($"Received: Guest heard: {client.Greeting}");
        }

        Assert.That(result.OutputLines[0], Does.Match(@"^Connected to .+ \d+\.\d+"), result.ToString());
        Assert.That(result.OutputLines.TakeLast(expected.Count), Is.EqualTo(expected), result.ToString());
        Assert.That(await guest.NextLineAsync(), Is.EqualTo(client.Greeting));
    }
}
