using System.Text;
using VpcComApi.ChannelEnds;

namespace VpcComApi.EndToEnd.Tests.Samples;

/// <summary>How the samples handle input from an untrusted other end.</summary>
[TestFixture]
internal sealed class LineConnectionTests
{
    [Test]
    public async Task Lines_and_counted_bytes_come_apart_as_they_were_put_together()
    {
        await using LineConnection connection = Connection("first\nBYTES 3\nabcthen\n");
        using MemoryStream bytes = new();

        string? first = await connection.ReadLineAsync();
        string? announcement = await connection.ReadLineAsync();
        await connection.ReadBytesAsync(bytes, 3);
        string? then = await connection.ReadLineAsync();

        Assert.That(
            new[] { first, announcement, then, await connection.ReadLineAsync() }, Is.EqualTo(new[] { "first", "BYTES 3", "then", null }));
        Assert.That(bytes.ToArray(), Is.EqualTo("abc"u8.ToArray()));
    }

    [Test]
    public async Task The_longest_line_arrives_and_a_longer_one_is_refused()
    {
        await using LineConnection longest = Connection(new string('x', LineConnection.LongestLine) + "\n");
        await using LineConnection longer = Connection(new string('x', LineConnection.LongestLine + 1) + "\n");

        Assert.That(await longest.ReadLineAsync(), Has.Length.EqualTo(LineConnection.LongestLine));
        Assert.That(async () => await longer.ReadLineAsync(), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public async Task An_end_within_a_line_or_within_counted_bytes_is_distinguished_from_a_normal_end()
    {
        await using LineConnection line = Connection("no end");
        await using LineConnection bytes = Connection("ab");
        await using LineConnection proper = Connection(string.Empty);

        Assert.That(async () => await line.ReadLineAsync(), Throws.TypeOf<InvalidDataException>());
        Assert.That(async () => await bytes.ReadBytesAsync(Stream.Null, 3), Throws.TypeOf<InvalidDataException>());
        Assert.That(await proper.ReadLineAsync(), Is.Null);
    }

    [Test]
    public async Task A_line_end_in_a_text_cannot_make_a_second_line()
    {
        using MemoryStream written = new();
        await using LineConnection connection = new(written);

        await connection.WriteLineAsync("OUT a\nEXIT 0");

        Assert.That(Encoding.UTF8.GetString(written.ToArray()), Is.EqualTo("OUT a EXIT 0\n"));
    }

    private static LineConnection Connection(string received) => new(new MemoryStream(Encoding.UTF8.GetBytes(received)));
}
