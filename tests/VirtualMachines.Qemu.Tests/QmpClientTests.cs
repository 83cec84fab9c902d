using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Qemu.Qmp;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>The control channel with a simulated QEMU.</summary>
[TestFixture]
public sealed class QmpClientTests
{
    private const string Greeting = """{"QMP":{"version":{"qemu":{"micro":0,"minor":2,"major":7}},"capabilities":[]}}""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<QmpEvent> events = [];
    private Pipe toQemu = null!;
    private Pipe fromQemu = null!;
    private StreamReader commands = null!;
    private StreamWriter answers = null!;

    [SetUp]
    public void SetUp()
    {
        events.Clear();
        toQemu = new Pipe();
        fromQemu = new Pipe();
        commands = new StreamReader(toQemu.Reader.AsStream());
        answers = new StreamWriter(fromQemu.Writer.AsStream(), new UTF8Encoding(false)) { AutoFlush = true };
    }

    [TearDown]
    public void TearDown()
    {
        commands.Dispose();
        answers.Dispose();
    }

    [Test]
    public async Task A_command_gets_its_own_answer_whatever_comes_between()
    {
        await using QmpClient client = await ConnectAsync();
        Task<JsonElement> first = client.ExecuteAsync("query-status", CancellationToken.None);
        long firstId = await ReadIdAsync("query-status");
        Task<JsonElement> second = client.ExecuteAsync("query-name", CancellationToken.None);
        long secondId = await ReadIdAsync("query-name");

        await answers.WriteLineAsync("""{"event":"RESET","data":{"guest":true}}""");
        await answers.WriteLineAsync($$"""{"return":{"name":"x"},"id":{{secondId}}}""");
        await answers.WriteLineAsync("""{"return":{},"id":999}""");
        await answers.WriteLineAsync($$"""{"return":{"status":"running"},"id":{{firstId}}}""");

        Assert.That((await first).GetProperty("status").GetString(), Is.EqualTo("running"));
        Assert.That((await second).GetProperty("name").GetString(), Is.EqualTo("x"));
        Assert.That(events.Single().Name, Is.EqualTo("RESET"));
        Assert.That(events.Single().Flag("guest"), Is.True);
    }

    [Test]
    public async Task A_refusal_has_QEMUs_text()
    {
        await using QmpClient client = await ConnectAsync();
        Task<JsonElement> answer = client.ExecuteAsync("cont", CancellationToken.None);
        long id = await ReadIdAsync("cont");

        await answers.WriteLineAsync($$$"""{"error":{"class":"GenericError","desc":"no guest"},"id":{{{id}}}}""");

        Assert.That(
            async () => await answer, Throws.InstanceOf<QmpException>().With.Message.Contains("no guest").And.Message.Contains("cont"));
    }

    [Test]
    public async Task A_command_that_is_never_answered_ends_at_its_limit()
    {
        await using QmpClient client = await ConnectAsync(TimeSpan.FromMilliseconds(200));

        Assert.That(
            async () => await Wait.UntilAsync(client.ExecuteAsync("stop", CancellationToken.None), "the limit"),
            Throws.InstanceOf<QmpException>().With.Message.Contains("no answer"));
    }

    [TestCase("[]")]
    [TestCase("not JSON")]
    [TestCase("{\"event\":")]
    public async Task Something_that_is_not_QMP_ends_the_channel_and_nothing_else(string line)
    {
        await using QmpClient client = await ConnectAsync();
        Task<JsonElement> answer = client.ExecuteAsync("stop", CancellationToken.None);
        await ReadIdAsync("stop");

        await answers.WriteLineAsync(line);

        Assert.That(async () => await Wait.UntilAsync(answer, "the failure"), Throws.InstanceOf<QmpException>());
        Assert.That(async () => await client.ExecuteAsync("cont", CancellationToken.None), Throws.InstanceOf<QmpException>());
    }

    [Test]
    public async Task A_line_without_end_is_not_kept_without_end()
    {
        await using QmpClient client = await ConnectAsync();
        Task<JsonElement> answer = client.ExecuteAsync("stop", CancellationToken.None);

        Task writing = answers.WriteAsync(new string('x', QmpClient.MaxLineLength + 1024));

        Assert.That(
            async () => await Wait.UntilAsync(answer, "the failure"), Throws.InstanceOf<QmpException>().With.Message.Contains("bytes"));
        await client.DisposeAsync();
        await Wait.UntilAsync(writing, "the writer to continue");
    }

    [Test]
    public async Task Commands_under_way_fail_when_QEMU_ends()
    {
        await using QmpClient client = await ConnectAsync();
        Task<JsonElement> answer = client.ExecuteAsync("stop", CancellationToken.None);
        await fromQemu.Writer.CompleteAsync();

        Assert.That(
            async () => await Wait.UntilAsync(answer, "the failure"), Throws.InstanceOf<QmpException>().With.Message.Contains("has ended"));
    }

    [Test]
    public void A_program_that_does_not_greet_is_not_waited_for_without_end() => Assert.That(
        async () => await QmpClient.ConnectAsync(
            toQemu.Writer.AsStream(),
            fromQemu.Reader.AsStream(),
            events.Add,
            TimeSpan.FromMilliseconds(200),
            Patience,
            TimeProvider.System,
            CancellationToken.None),
        Throws.InstanceOf<QmpException>().With.Message.Contains("greeting"));

    private async Task<QmpClient> ConnectAsync(TimeSpan? limit = null)
    {
        await answers.WriteLineAsync(Greeting);
        Task<QmpClient> connecting = QmpClient.ConnectAsync(
            toQemu.Writer.AsStream(),
            fromQemu.Reader.AsStream(),
            events.Add,
            Patience,
            limit ?? Patience,
            TimeProvider.System,
            CancellationToken.None);
        long id = await ReadIdAsync("qmp_capabilities");
        await answers.WriteLineAsync($$$"""{"return":{},"id":{{{id}}}}""");
        return await Wait.UntilAsync(connecting, "the connection");
    }

    private async Task<long> ReadIdAsync(string command)
    {
        string line = (await Wait.UntilAsync(commands.ReadLineAsync(), "a command"))!;
        using JsonDocument document = JsonDocument.Parse(line);
        Assert.That(document.RootElement.GetProperty("execute").GetString(), Is.EqualTo(command));
        return document.RootElement.GetProperty("id").GetInt64();
    }
}
