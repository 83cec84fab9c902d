using System.Globalization;
using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.GuestServices.Terminals;

/// <summary>The position of the mouse pointer, the pressed buttons, and the position of the wheel.</summary>
/// <param name="screen">The screen with the pointer.</param>
internal sealed class PointingDevice(TextScreen screen)
{
    private readonly SortedSet<int> buttons = [];
    private int horizontal;
    private int vertical;
    private long wheel;
    private long clicks;

    /// <summary>Processes one move of the mouse.</summary>
    /// <param name="move">The move.</param>
    public void Take(BoardMouse move)
    {
        if (move.Button is { } button)
        {
            clicks += move.IsDown && buttons.Add(button) ? 1 : 0;
            if (!move.IsDown)
            {
                buttons.Remove(button);
            }
        }

        wheel += move.Wheel ?? 0;
        (int width, int height) = screen.Size;
        int x = Place(horizontal, move.Horizontal, move.Right, width);
        int y = Place(vertical, move.Vertical, move.Down, height);
        if ((x, y) != (horizontal, vertical))
        {
            (horizontal, vertical) = (x, y);
            screen.ShowPointer(x, y);
        }
    }

    /// <summary>Describes the state in words.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"Pointer at {horizontal},{vertical}; buttons down: {(buttons.Count == 0 ? "none" : string.Join(' ', buttons))}; clicks {clicks}; "
            + $"wheel {wheel}.");

    private static int Place(int now, double? part, int? distance, int size) =>
        (int)Math.Clamp(part is { } to ? Math.Round(to * (size - 1)) : (long)now + (distance ?? 0), 0, size - 1);
}
