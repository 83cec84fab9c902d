using System.Text;
using Spectre.Console;
using VpcComApi.Platform.Output;

namespace VpcComApi.CommandLine.Output;

/// <summary>A standard stream as the renderer wants it, written through a <see cref="TerminalWriter"/>.</summary>
/// <param name="stream">Standard output or standard error, which says what kind of terminal it is.</param>
/// <param name="written">What is written to in its place.</param>
/// <param name="lost">Called with the first write that failed; null where nobody needs it.</param>
internal sealed class TerminalOutput(TextWriter stream, TextWriter written, Action<IOException>? lost) : IAnsiConsoleOutput
{
    private readonly AnsiConsoleOutput inner = new(stream);

    /// <inheritdoc/>
    public TextWriter Writer { get; } = new TerminalWriter(written, lost);

    /// <inheritdoc/>
    public bool IsTerminal => inner.IsTerminal;

    /// <inheritdoc/>
    public int Width => inner.Width;

    /// <inheritdoc/>
    public int Height => inner.Height;

    /// <inheritdoc/>
    public void SetEncoding(Encoding encoding) => inner.SetEncoding(encoding);
}
