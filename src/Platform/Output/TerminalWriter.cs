using System.Text;

namespace VpcComApi.Platform.Output;

/// <summary>
/// Writes to a terminal, a file or a pipe that may fail. What cannot be written is lost, and the command goes on: it may have a machine to
/// end. The first failure is reported.
/// </summary>
/// <param name="inner">What is written to.</param>
/// <param name="lost">Called with the first write that failed; null where nobody needs it.</param>
internal sealed class TerminalWriter(TextWriter inner, Action<IOException>? lost = null) : TextWriter
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
        catch (IOException e)
        {
            isGone = true;
            lost?.Invoke(e);
        }
    }
}
