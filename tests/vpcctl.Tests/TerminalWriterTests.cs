using VpcComApi.Platform.Output;

namespace VpcComApi.CommandLine.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class TerminalWriterTests
{
    [Test]
    public void What_is_written_arrives()
    {
        using StringWriter terminal = new();
        using TerminalWriter writer = new(terminal);

        writer.Write("one ");
        writer.Write('t');
        writer.Write(['w', 'o'], 0, 2);
        writer.WriteLine(" three");
        writer.Flush();

        Assert.That(terminal.ToString(), Is.EqualTo("one two three" + Environment.NewLine));
    }

    [Test]
    public void A_closed_terminal_does_not_stop_the_command_and_is_reported_once()
    {
        List<string> failures = [];
        using StreamWriter terminal = new(new GoneStream()) { AutoFlush = true };
        using TerminalWriter writer = new(terminal, failure => failures.Add(failure.Message));

        Assert.That(() => writer.Write("text"), Throws.Nothing);
        Assert.That(() => writer.WriteLine("more"), Throws.Nothing);
        Assert.That(writer.Flush, Throws.Nothing);
        Assert.That(failures, Is.EqualTo(["Input/output error"]));
    }

    /// <summary>Fails as a terminal does whose window was closed.</summary>
    private sealed class GoneStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Input/output error");

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("Input/output error");
    }
}
