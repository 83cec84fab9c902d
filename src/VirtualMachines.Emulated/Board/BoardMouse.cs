namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>One move of an emulated mouse; what does not move is left out.</summary>
internal sealed record BoardMouse
{
    /// <summary>A button: 1 left, 2 right, 3 center.</summary>
    public int? Button { get; init; }

    /// <summary>Whether <see cref="Button"/> was pressed; else it was released.</summary>
    public bool IsDown { get; init; }

    /// <summary>Where the pointer is put: 0 the left edge, 1 the right one.</summary>
    public double? Horizontal { get; init; }

    /// <summary>Where the pointer is put: 0 the upper edge, 1 the lower one.</summary>
    public double? Vertical { get; init; }

    /// <summary>Pixels by which the pointer moves to the right.</summary>
    public int? Right { get; init; }

    /// <summary>Pixels by which the pointer moves down.</summary>
    public int? Down { get; init; }

    /// <summary>Notches by which the wheel turns away from the user.</summary>
    public int? Wheel { get; init; }
}
