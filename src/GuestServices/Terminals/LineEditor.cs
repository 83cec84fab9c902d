using System.Text;

namespace VpcComApi.GuestServices.Terminals;

/// <summary>Edits a line that is typed at a terminal, with a history of earlier lines.</summary>
/// <param name="terminal">The terminal.</param>
internal sealed class LineEditor(ITerminal terminal)
{
    /// <summary>The most characters in a line; further ones are ignored.</summary>
    public const int MaxLength = 512;

    private const int MaxHistory = 32;

    private readonly StringBuilder line = new();
    private readonly List<string> history = [];
    private int cursor;
    private int recalled;

    /// <summary>Processes one keystroke and shows its effect.</summary>
    /// <param name="press">The key press.</param>
    /// <returns>The line if it is complete, otherwise null.</returns>
    public string? Take(KeyPress press)
    {
        if (press.Character != '\0')
        {
            Insert(press.Character);
            return null;
        }

        switch (press.Edit)
        {
            case EditKey.Enter:
                return End(keep: true);
            case EditKey.Interrupt:
                terminal.Write("^C", TextColor.Notice);
                End(keep: false);
                return string.Empty;
            case EditKey.Backspace when cursor > 0:
                MoveTo(cursor - 1);
                Erase();
                break;
            case EditKey.Delete when cursor < line.Length:
                Erase();
                break;
            case EditKey.Left when cursor > 0:
                MoveTo(cursor - 1);
                break;
            case EditKey.Right when cursor < line.Length:
                MoveTo(cursor + 1);
                break;
            case EditKey.Home:
                MoveTo(0);
                break;
            case EditKey.End:
                MoveTo(line.Length);
                break;
            case EditKey.Escape:
                Replace(string.Empty);
                break;
            case EditKey.Up when recalled > 0:
                Replace(history[--recalled]);
                break;
            case EditKey.Down when recalled < history.Count:
                recalled++;
                Replace(recalled < history.Count ? history[recalled] : string.Empty);
                break;
            default:
                break;
        }

        return null;
    }

    /// <summary>Shows the line again on a terminal that was cleared.</summary>
    public void Repaint()
    {
        terminal.Write(line.ToString(), TextColor.Input);
        terminal.Write(new string('\b', line.Length - cursor));
    }

    private void Insert(char character)
    {
        if (line.Length == MaxLength)
        {
            return;
        }

        line.Insert(cursor, character);
        string tail = line.ToString(cursor, line.Length - cursor);
        cursor++;
        terminal.Write(tail + new string('\b', tail.Length - 1), TextColor.Input);
    }

    private void Erase()
    {
        line.Remove(cursor, 1);
        string tail = line.ToString(cursor, line.Length - cursor) + " ";
        terminal.Write(tail + new string('\b', tail.Length), TextColor.Input);
    }

    private void MoveTo(int place)
    {
        terminal.Write(
            place <= cursor ? new string('\b', cursor - place) : line.ToString(cursor, place - cursor), TextColor.Input);
        cursor = place;
    }

    private void Replace(string text)
    {
        MoveTo(line.Length);
        terminal.Write(string.Concat(Enumerable.Repeat("\b \b", line.Length)));
        line.Clear().Append(text);
        cursor = text.Length;
        terminal.Write(text, TextColor.Input);
    }

    private string End(bool keep)
    {
        MoveTo(line.Length);
        terminal.Write("\n");
        string ended = line.ToString();
        line.Clear();
        cursor = 0;
        if (keep && ended.Length > 0 && (history.Count == 0 || history[^1] != ended))
        {
            history.Add(ended);
            if (history.Count > MaxHistory)
            {
                history.RemoveAt(0);
            }
        }

        recalled = history.Count;
        return ended;
    }
}
