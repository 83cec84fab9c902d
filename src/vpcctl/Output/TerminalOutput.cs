using System.Text;
using Spectre.Console;

namespace VpcComApi.CommandLine.Output;

/// <summary>A standard stream as the renderer wants it, written through a <see cref="TerminalWriter"/>.</summary>
/// <param name="stream">Standard output or standard error.</param>
internal sealed class TerminalOutput(TextWriter stream) : IAnsiConsoleOutput
{
    private readonly AnsiConsoleOutput inner = new(stream);

    /// <inheritdoc/>
    public TextWriter Writer { get; } = new TerminalWriter(stream);

    /// <inheritdoc/>
    public bool IsTerminal => inner.IsTerminal;

    /// <inheritdoc/>
    public int Width => inner.Width;

    /// <inheritdoc/>
    public int Height => inner.Height;

    /// <inheritdoc/>
    public void SetEncoding(Encoding encoding) => inner.SetEncoding(encoding);
}
