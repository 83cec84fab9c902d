namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>One move of an emulated mouse; unchanged parts are left out.</summary>
internal sealed record BoardMouse
{
    /// <summary>A button: 1 left, 2 right, 3 center.</summary>
    public int? Button { get; init; }

    /// <summary>Whether <see cref="Button"/> was pressed; otherwise it was released.</summary>
    public bool IsDown { get; init; }

    /// <summary>The horizontal position of the pointer: 0 the left edge, 1 the right one.</summary>
    public double? Horizontal { get; init; }

    /// <summary>The vertical position of the pointer: 0 the upper edge, 1 the lower one.</summary>
    public double? Vertical { get; init; }

    /// <summary>Pixels by which the pointer moves to the right.</summary>
    public int? Right { get; init; }

    /// <summary>Pixels by which the pointer moves down.</summary>
    public int? Down { get; init; }

    /// <summary>Notches by which the wheel turns away from the user.</summary>
    public int? Wheel { get; init; }
}
