using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated.Devices;

/// <summary>
/// An emulated display: cells of coloured characters, which are converted to pixels when the picture is read. At power-on it is in a text
/// mode of 80 x 25 cells. What the guest writes is untrusted. Thread-safe.
/// </summary>
internal sealed class EmulatedDisplay : IDisplayDevice
{
    private const int TextColumns = 80;
    private const int TextRows = 25;
    private const byte Blank = (byte)' ';

    /// <summary>The cursor's height, in pixels, at the bottom of its cell.</summary>
    private const int CursorHeight = 2;

    /// <summary>The sixteen colours of a PC's text mode, <c>0x00RRGGBB</c>.</summary>
    private static readonly uint[] Palette =
    [
        0x000000, 0x0000AA, 0x00AA00, 0x00AAAA, 0xAA0000, 0xAA00AA, 0xAA5500, 0xAAAAAA,
        0x555555, 0x5555FF, 0x55FF55, 0x55FFFF, 0xFF5555, 0xFF55FF, 0xFFFF55, 0xFFFFFF,
    ];

    private readonly Lock sync = new();
    private DisplayMode mode;
    private int columns;
    private int rows;
    private byte[] characters = [];
    private byte[] colors = [];
    private int cursorColumn;
    private int cursorRow;

    /// <summary>Creates a display in its state at power-on.</summary>
    public EmulatedDisplay() => Reset();

    /// <summary>Resets it to a black text mode, because the guest boots.</summary>
    public void Reset()
    {
        lock (sync)
        {
            Set(new DisplayMode(TextColumns * BoardScreen.CellWidth, TextRows * BoardScreen.CellHeight, VideoMode.Text));
            cursorColumn = -1;
            cursorRow = -1;
        }
    }

    /// <summary>Processes what the guest writes. Invalid content is dropped.</summary>
    /// <param name="screen">The message.</param>
    public void Write(BoardScreen screen)
    {
        if (screen.Width is < BoardScreen.CellWidth or > BoardScreen.MaxWidth
            || screen.Height is < BoardScreen.CellHeight or > BoardScreen.MaxHeight)
        {
            return;
        }

        lock (sync)
        {
            DisplayMode wanted = new(screen.Width, screen.Height, screen.IsGraphics ? VideoMode.Svga : VideoMode.Text);
            if (wanted != mode)
            {
                Set(wanted);
            }

            cursorColumn = screen.CursorColumn;
            cursorRow = screen.CursorRow;
            foreach (BoardScreenLine? line in screen.Lines ?? [])
            {
                if (line is { Text: not null, Colors: not null } && line.Row >= 0 && line.Row < rows)
                {
                    Write(line);
                }
            }
        }
    }

    /// <inheritdoc/>
    public Task<DisplayMode> ReadModeAsync(CancellationToken cancellationToken)
    {
        lock (sync)
        {
            return Task.FromResult(mode);
        }
    }

    /// <inheritdoc/>
    public Task<DisplayImage> CaptureAsync(CancellationToken cancellationToken)
    {
        lock (sync)
        {
            uint[] pixels = new uint[mode.Width * mode.Height];
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    Paint(pixels, column, row);
                }
            }

            return Task.FromResult(new DisplayImage(mode.Width, mode.Height, pixels));
        }
    }

    private void Set(DisplayMode wanted)
    {
        mode = wanted;
        columns = wanted.Width / BoardScreen.CellWidth;
        rows = wanted.Height / BoardScreen.CellHeight;
        characters = new byte[columns * rows];
        colors = new byte[columns * rows];
        characters.AsSpan().Fill(Blank);
    }

    private void Write(BoardScreenLine line)
    {
        int first = line.Row * columns;
        for (int column = 0; column < columns; column++)
        {
            bool isThere = column < line.Text.Length && column < line.Colors.Length;
            characters[first + column] = isThere && line.Text[column] is >= ' ' and <= '~' ? (byte)line.Text[column] : Blank;
            colors[first + column] = isThere ? line.Colors[column] : (byte)0;
        }
    }

    private void Paint(uint[] pixels, int column, int row)
    {
        int cell = (row * columns) + column;
        uint front = Palette[colors[cell] & 0x0F];
        uint back = Palette[colors[cell] >> 4];
        ReadOnlySpan<byte> glyph = ConsoleFont.GlyphOf(characters[cell]);
        bool hasCursor = column == cursorColumn && row == cursorRow;
        for (int y = 0; y < BoardScreen.CellHeight; y++)
        {
            // Each line of the font is shown twice, as a PC shows a font of 8 lines in 400 lines.
            int dots = hasCursor && y >= BoardScreen.CellHeight - CursorHeight ? 0xFF : glyph[y / 2];
            int first = (((row * BoardScreen.CellHeight) + y) * mode.Width) + (column * BoardScreen.CellWidth);
            for (int x = 0; x < BoardScreen.CellWidth; x++)
            {
                pixels[first + x] = (dots & (0x80 >> x)) != 0 ? front : back;
            }
        }
    }
}
