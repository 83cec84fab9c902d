using VpcComApi.GuestServices.Machines;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Terminals;

/// <summary>
/// The guest's screen: a status line at the top, and below it lines of coloured characters that scroll. It collects the changes for the
/// display. Thread-safe.
/// </summary>
internal sealed class TextScreen : ITerminal, IGuestDisplay
{
    private const int StatusRows = 1;
    private const char Blank = ' ';

    private readonly Lock sync = new();
    private int width = 80 * BoardScreen.CellWidth;
    private int height = 25 * BoardScreen.CellHeight;
    private bool isGraphics;
    private (char Character, byte Color)[][] cells;
    private bool[] changed;
    private bool isModeChanged = true;
    private int column;
    private int row = StatusRows;
    private (int Column, int Row)? pointer;

    /// <summary>Creates an empty screen of 80 x 25 characters.</summary>
    public TextScreen()
    {
        cells = BlankLines(height / BoardScreen.CellHeight);
        changed = AllChanged();
    }

    /// <summary>Raised at each change, so handlers must be quick.</summary>
    public event Action? Changed;

    /// <summary>Raised when the screen has another size.</summary>
    public event Action? Resized;

    /// <summary>The display's size in pixels.</summary>
    public (int Width, int Height) Size
    {
        get
        {
            lock (sync)
            {
                return (width, height);
            }
        }
    }

    private int Columns => width / BoardScreen.CellWidth;

    /// <inheritdoc/>
    public void Write(string text, byte color = TextColor.Normal)
    {
        lock (sync)
        {
            changed[row] = true;
            foreach (char character in text)
            {
                Put(character, color);
            }

            changed[row] = true;
        }

        Changed?.Invoke();
    }

    /// <inheritdoc/>
    public void Clear()
    {
        lock (sync)
        {
            (char, byte)[] status = cells[0];
            cells = BlankLines(cells.Length);
            cells[0] = status;
            changed = AllChanged();
            column = 0;
            row = StatusRows;
        }

        Changed?.Invoke();
    }

    /// <summary>Writes the status line.</summary>
    /// <param name="text">Its text; truncated if it is too long.</param>
    public void ShowStatus(string text)
    {
        lock (sync)
        {
            (char, byte)[] line = new (char, byte)[Columns];
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = (i < text.Length ? Visible(text[i]) : Blank, TextColor.Status);
            }

            if (cells[0].AsSpan().SequenceEqual(line))
            {
                return;
            }

            cells[0] = line;
            changed[0] = true;
        }

        Changed?.Invoke();
    }

    /// <summary>Shows the mouse pointer, as a cell in inverse colours.</summary>
    /// <param name="horizontal">Pixels from the left edge.</param>
    /// <param name="vertical">Pixels from the upper edge.</param>
    public void ShowPointer(int horizontal, int vertical)
    {
        lock (sync)
        {
            MarkPointer();
            pointer = (horizontal / BoardScreen.CellWidth, vertical / BoardScreen.CellHeight);
            MarkPointer();
        }

        Changed?.Invoke();
    }

    /// <summary>Changes the display's size. As many of the last lines as fit stay.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <exception cref="RequestRefusedException">The display cannot have that size.</exception>
    public void Resize(int width, int height)
    {
        const int LeastRows = StatusRows + 1;
        if (width is < BoardScreen.CellWidth or > BoardScreen.MaxWidth
            || height is < BoardScreen.CellHeight * LeastRows or > BoardScreen.MaxHeight)
        {
            throw new RequestRefusedException(
                IntegrationErrors.InvalidArgument, $"The guest's display cannot have {width} x {height} pixels.");
        }

        lock (sync)
        {
            (char Character, byte Color)[][] before = cells;
            int usedRows = row + 1;
            this.width = width;
            this.height = height;
            isGraphics = true;
            cells = BlankLines(height / BoardScreen.CellHeight);
            int kept = Math.Min(usedRows, cells.Length) - StatusRows;
            for (int i = 0; i < kept; i++)
            {
                (char Character, byte Color)[] line = before[usedRows - kept + i];
                line.AsSpan(0, Math.Min(line.Length, Columns)).CopyTo(cells[StatusRows + i]);
            }

            before[0].AsSpan(0, Math.Min(before[0].Length, Columns)).CopyTo(cells[0]);
            row = Math.Max(StatusRows, StatusRows + kept - 1);
            column = Math.Min(column, Columns - 1);
            pointer = null;
            isModeChanged = true;
            changed = AllChanged();
        }

        Changed?.Invoke();
        Resized?.Invoke();
    }

    /// <summary>Returns the changes since the last call.</summary>
    /// <returns>Messages for the display, none when nothing has changed.</returns>
    public IReadOnlyList<BoardScreen> TakeChanges()
    {
        lock (sync)
        {
            BoardScreenLine[] lines = [.. Enumerable.Range(0, cells.Length).Where(i => changed[i]).Select(Describe)];
            if (lines.Length == 0 && !isModeChanged)
            {
                return [];
            }

            Array.Clear(changed);
            isModeChanged = false;
            BoardScreen frame = new() { Width = width, Height = height, IsGraphics = isGraphics, CursorColumn = column, CursorRow = row };
            return lines.Length == 0 ? [frame] : [.. lines.Chunk(BoardScreen.MaxLines).Select(part => frame with { Lines = part })];
        }
    }

    private static char Visible(char character) => character is >= ' ' and <= '~' ? character : '?';

    private (char Character, byte Color)[][] BlankLines(int count) => [.. Enumerable.Range(0, count).Select(_ => BlankLine())];

    private (char Character, byte Color)[] BlankLine()
    {
        (char, byte)[] line = new (char, byte)[Columns];
        Array.Fill(line, (Blank, TextColor.Normal));
        return line;
    }

    private bool[] AllChanged()
    {
        bool[] all = new bool[cells.Length];
        Array.Fill(all, true);
        return all;
    }

    private void Put(char character, byte color)
    {
        switch (character)
        {
            case '\n':
                column = 0;
                NextRow();
                break;
            case '\b':
                MoveLeft();
                break;
            default:
                cells[row][column] = (Visible(character), color);
                if (++column == Columns)
                {
                    column = 0;
                    NextRow();
                }

                break;
        }
    }

    private void NextRow()
    {
        changed[row] = true;
        if (row < cells.Length - 1)
        {
            row++;
        }
        else
        {
            Array.Copy(cells, StatusRows + 1, cells, StatusRows, cells.Length - StatusRows - 1);
            cells[^1] = BlankLine();
            changed = AllChanged();
        }

        changed[row] = true;
    }

    private void MoveLeft()
    {
        if (column > 0)
        {
            column--;
        }
        else if (row > StatusRows)
        {
            changed[row] = true;
            row--;
            column = Columns - 1;
            changed[row] = true;
        }
    }

    private void MarkPointer()
    {
        if (pointer is { } at && at.Row >= 0 && at.Row < cells.Length)
        {
            changed[at.Row] = true;
        }
    }

    private BoardScreenLine Describe(int index)
    {
        (char Character, byte Color)[] line = cells[index];
        byte[] colors = Array.ConvertAll(line, cell => cell.Color);
        if (pointer is { } at && at.Row == index && at.Column >= 0 && at.Column < colors.Length)
        {
            colors[at.Column] = TextColor.Inverse(colors[at.Column]);
        }

        return new BoardScreenLine(index, string.Create(line.Length, line, static (text, from) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = from[i].Character;
            }
        }), colors);
    }
}
