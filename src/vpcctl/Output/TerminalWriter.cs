using System.Text;

namespace VpcComApi.CommandLine.Output;

/// <summary>
/// Writes to a terminal that may go away. What cannot be written is lost, and the command goes on: it may have a machine to end.
/// </summary>
/// <param name="inner">The terminal.</param>
internal sealed class TerminalWriter(TextWriter inner) : TextWriter
{
    private bool isGone;

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        if (isGone)
        {
            return;
        }

        try
        {
            write();
        }
        catch (IOException)
        {
            isGone = true;
        }
    }
}
