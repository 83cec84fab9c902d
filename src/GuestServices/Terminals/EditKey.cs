namespace VpcComApi.GuestServices.Terminals;

/// <summary>What a person does to a line besides typing characters.</summary>
internal enum EditKey
{
    /// <summary>Nothing that a line editor knows.</summary>
    None,

    /// <summary>Ends the line.</summary>
    Enter,

    /// <summary>Erases to the left.</summary>
    Backspace,

    /// <summary>Erases at the cursor.</summary>
    Delete,

    /// <summary>Moves left.</summary>
    Left,

    /// <summary>Moves right.</summary>
    Right,

    /// <summary>Moves to the line's begin.</summary>
    Home,

    /// <summary>Moves to the line's end.</summary>
    End,

    /// <summary>Brings the line before back.</summary>
    Up,

    /// <summary>Brings the line after back.</summary>
    Down,

    /// <summary>Erases the line.</summary>
    Escape,

    /// <summary>Gives the line up.</summary>
    Interrupt,

    /// <summary>Erases the screen.</summary>
    ClearScreen,

    /// <summary>Asks for help.</summary>
    Help,

    /// <summary>Ctrl-Alt-Delete.</summary>
    Restart,
}
