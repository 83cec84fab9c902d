namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>
/// What a guest writes to its display adapter: the display's mode, and the lines of characters that have changed. A cell is 8 pixels wide
/// and 16 high; the area that the cells do not cover is black.
/// </summary>
internal sealed record BoardScreen
{
    /// <summary>The width of a cell, in pixels.</summary>
    public const int CellWidth = 8;

    /// <summary>The height of a cell, in pixels.</summary>
    public const int CellHeight = 16;

    /// <summary>The greatest width of a display, in pixels.</summary>
    public const int MaxWidth = 2048;

    /// <summary>The greatest height of a display, in pixels.</summary>
    public const int MaxHeight = 1920;

    /// <summary>The most lines in one message, so that it fits into one line of JSON.</summary>
    public const int MaxLines = 12;

    /// <summary>The width of the display, in pixels, at least one cell.</summary>
    public int Width { get; init; }

    /// <summary>The height of the display, in pixels, at least one cell.</summary>
    public int Height { get; init; }

    /// <summary>Whether the adapter is in a graphics mode; otherwise it is in the text mode of power-on.</summary>
    public bool IsGraphics { get; init; }

    /// <summary>The cursor's column; outside the display it is not shown.</summary>
    public int CursorColumn { get; init; }

    /// <summary>The cursor's row.</summary>
    public int CursorRow { get; init; }

    /// <summary>The lines that have changed.</summary>
    public IReadOnlyList<BoardScreenLine> Lines { get; init; } = [];
}
