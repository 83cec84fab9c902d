namespace VpcComApi.GuestServices.Terminals;

/// <summary>
/// Reads a US keyboard's scan codes (set 1, extended ones with 0xE0 in the high byte): which keys are pressed, and the meaning of a
/// keystroke. Num Lock is on at first; the keyboard has no Caps Lock.
/// </summary>
internal sealed class KeyDecoder
{
    private const int LeftCtrl = 0x1D;
    private const int RightCtrl = 0xE01D;
    private const int LeftShift = 0x2A;
    private const int RightShift = 0x36;
    private const int LeftAlt = 0x38;
    private const int RightAlt = 0xE038;
    private const int NumLock = 0x45;
    private const int FirstKeypadKey = 0x47;
    private const int LastKeypadKey = 0x53;
    private const int Delete = 0xE053;
    private const int Extended = 0xE000;

    /// <summary>The characters of the keys 0x02 to 0x39, without and with shift; a blank for keys without a character.</summary>
    private const string Plain = "1234567890-=  qwertyuiop[]  asdfghjkl;'` \\zxcvbnm,./ *  ";
    private const string Shifted = "!@#$%^&*()_+  QWERTYUIOP{}  ASDFGHJKL:\"~ |ZXCVBNM<>? *  ";
    private const int FirstTypingKey = 0x02;
    private const int Space = 0x39;
    private const string Keypad = "789-456+1230.";

    private readonly HashSet<int> down = [];
    private bool isNumLockOn = true;

    /// <summary>The scan codes of the pressed keys.</summary>
    public IReadOnlyCollection<int> Down => down;

    private bool IsShifted => down.Contains(LeftShift) || down.Contains(RightShift);

    private bool IsControlled => down.Contains(LeftCtrl) || down.Contains(RightCtrl);

    private bool IsAlternate => down.Contains(LeftAlt) || down.Contains(RightAlt);

    /// <summary>Processes the press or the release of a key.</summary>
    /// <param name="code">The scan code when it is pressed, the negative of that when it is released.</param>
    /// <returns>The meaning of the keystroke; nothing for a release.</returns>
    public KeyPress Take(int code)
    {
        if (code <= 0)
        {
            down.Remove(-code);
            return default;
        }

        down.Add(code);
        if (code == NumLock)
        {
            isNumLockOn = !isNumLockOn;
        }

        if (IsControlled)
        {
            return new KeyPress('\0', ControlMeaning(code));
        }

        char character = IsAlternate ? '\0' : CharacterOf(code);
        return character == '\0' ? new KeyPress('\0', MeaningOf(code)) : new KeyPress(character);
    }

    private static EditKey MeaningOf(int code) => code switch
    {
        0x01 => EditKey.Escape,
        0x0E => EditKey.Backspace,
        0x1C or 0xE01C => EditKey.Enter,
        0x3B => EditKey.Help,
        Extended | 0x47 or 0x47 => EditKey.Home,
        Extended | 0x48 or 0x48 => EditKey.Up,
        Extended | 0x4B or 0x4B => EditKey.Left,
        Extended | 0x4D or 0x4D => EditKey.Right,
        Extended | 0x4F or 0x4F => EditKey.End,
        Extended | 0x50 or 0x50 => EditKey.Down,
        Delete or 0x53 => EditKey.Delete,
        _ => EditKey.None,
    };

    private EditKey ControlMeaning(int code)
    {
        const int C = 0x2E;
        const int L = 0x26;
        return code switch
        {
            C => EditKey.Interrupt,
            L => EditKey.ClearScreen,
            Delete or LastKeypadKey when IsAlternate => EditKey.Restart,
            _ => EditKey.None,
        };
    }

    private char CharacterOf(int code)
    {
        if (code == Space)
        {
            return ' ';
        }

        if (code == (Extended | 0x35))
        {
            return '/';
        }

        if (code is >= FirstKeypadKey and <= LastKeypadKey)
        {
            char character = Keypad[code - FirstKeypadKey];
            return isNumLockOn || character is '-' or '+' ? character : '\0';
        }

        int index = code - FirstTypingKey;
        char typed = index >= 0 && index < Plain.Length ? (IsShifted ? Shifted : Plain)[index] : ' ';
        return typed == ' ' ? '\0' : typed;
    }
}
