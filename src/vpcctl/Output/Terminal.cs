using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Spectre.Console.Rendering;
using VpcComApi.EventLogging;
using VpcComApi.Platform.Output;

namespace VpcComApi.CommandLine.Output;

/// <summary>
/// Where a command's words go: results to standard output, and all else to standard error. On a terminal they have colours and borders;
/// where they are redirected, or NO_COLOR is set, they have not.
/// </summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="loss">Reports when standard output cannot be written any more.</param>
internal sealed class Terminal(IAnsiConsole output, IAnsiConsole error, OutputLoss loss)
{
    /// <summary>Wide enough that nothing which is redirected is ever folded.</summary>
    private const int RedirectedWidth = 10_000;

    private static readonly Style NoteStyle = new(decoration: Decoration.Dim);
    private static readonly Style WarningStyle = new(Color.Yellow);
    private static readonly Style FailureStyle = new(Color.Red);

    /// <summary>Standard output.</summary>
    public IAnsiConsole Output => output;

    /// <summary>Standard error, where progress is shown.</summary>
    public IAnsiConsole Error => error;

    /// <summary>Whether a person watches standard output, so that borders and a live display make sense.</summary>
    public bool IsInteractive => IsWatched(output);

    /// <summary>Whether a person watches standard error.</summary>
    public bool ShowsProgress => IsWatched(error);

    /// <summary>Reports when standard output cannot be written any more.</summary>
    public OutputLoss Loss => loss;

    /// <summary>This process's terminal.</summary>
    public static Terminal Create()
    {
        OutputLoss loss = new(Console.IsOutputRedirected);
        TextWriter written = Console.IsOutputRedirected
            ? StandardOutputStream.OpenWriter()
            : Console.Out;
        return new Terminal(
            Create(new TerminalOutput(Console.Out, written, loss.Report), Console.IsOutputRedirected),
            Create(new TerminalOutput(Console.Error, Console.Error, lost: null), Console.IsErrorRedirected),
            loss);
    }

    /// <summary>Writes one line of a result.</summary>
    public void WriteLine(string text) => WriteLine(text, Style.Plain);

    /// <summary>Writes one line of a result in a style.</summary>
    public void WriteLine(string text, Style style) => output.Write(Line(text, style));

    /// <summary>Writes a result.</summary>
    public void Write(IRenderable renderable) => output.Write(renderable);

    /// <summary>Writes a text as it is, for programs to read.</summary>
    public void WriteRaw(string text)
    {
        // Past the renderer, which would fold it at the edge of a terminal.
        output.Profile.Out.Writer.WriteLine(text);
        output.Profile.Out.Writer.Flush();
    }

    /// <summary>Writes a value as JSON.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="type">Its JSON form.</param>
    public void WriteJson<T>(T value, JsonTypeInfo<T> type) => WriteRaw(JsonSerializer.Serialize(value, type));

    /// <summary>Shows the person how it goes, in one line.</summary>
    public void Note(string text) => error.Write(Line(text, NoteStyle));

    /// <summary>Warns the person, in one line.</summary>
    public void Warn(string text) => error.Write(Line(text, WarningStyle));

    /// <summary>Shows the person what failed, in one line.</summary>
    public void Fail(string text) => error.Write(Line(text, FailureStyle));

    /// <summary>Ends standard output: says what went wrong with it, unless it is that nobody reads it.</summary>
    /// <returns>What the program answers then; null when all was written.</returns>
    public ExitCode? EndOutput()
    {
        output.Profile.Out.Writer.Flush();
        if (loss.Cause is null)
        {
            return null;
        }

        if (loss.Message is { } message)
        {
            Fail(message);
            return ExitCode.Failed;
        }

        return ExitCode.OutputClosed;
    }

    private static bool IsWatched(IAnsiConsole console) =>
        console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi && console.Profile.Capabilities.Interactive;

    private static Text Line(string text, Style style) => new(VisibleText.Of(text) + "\n", style);

    private static IAnsiConsole Create(TerminalOutput written, bool isRedirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = written,
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return console;
    }
}
