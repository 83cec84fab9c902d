using System.Text;

namespace VpcComApi.Platform.Output;

/// <summary>
/// Writes to a terminal, a file or a pipe that may fail. Text that cannot be written is dropped and the command continues, because it may
/// have to end a machine. The first failure is reported.
/// </summary>
/// <param name="inner">The writer of the output.</param>
/// <param name="lost">Called with the first failure; null if it is not needed.</param>
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
