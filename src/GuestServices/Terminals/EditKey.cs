namespace VpcComApi.GuestServices.Terminals;

/// <summary>The editing functions of keys.</summary>
internal enum EditKey
{
    /// <summary>No function for a line editor.</summary>
    None,

    /// <summary>Ends the line.</summary>
    Enter,

    /// <summary>Erases the character to the left.</summary>
    Backspace,

    /// <summary>Erases the character at the cursor.</summary>
    Delete,

    /// <summary>Moves left.</summary>
    Left,

    /// <summary>Moves right.</summary>
    Right,

    /// <summary>Moves to the beginning of the line.</summary>
    Home,

    /// <summary>Moves to the line's end.</summary>
    End,

    /// <summary>Recalls the previous line.</summary>
    Up,

    /// <summary>Recalls the next line.</summary>
    Down,

    /// <summary>Erases the line.</summary>
    Escape,

    /// <summary>Discards the line.</summary>
    Interrupt,

    /// <summary>Erases the screen.</summary>
    ClearScreen,

    /// <summary>Shows the help.</summary>
    Help,

    /// <summary>Ctrl-Alt-Delete.</summary>
    Restart,
}
