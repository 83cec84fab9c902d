using System.Collections.Frozen;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>The words by which callers name keys. They are read without regard to case and to blanks around them.</summary>
internal static class KeyTokens
{
    /// <summary>Stands between two words of a key sequence.</summary>
    public const char Separator = ',';

    /// <summary>The next key is pressed and stays down.</summary>
    public const string Down = "DOWN";

    /// <summary>The next key is released.</summary>
    public const string Up = "UP";

    /// <summary>Nothing happens for <see cref="HoldTime"/>.</summary>
    public const string Hold = "HOLD";

    /// <summary>How long the word <see cref="Hold"/> waits.</summary>
    public static readonly TimeSpan HoldTime = TimeSpan.FromMilliseconds(200);

    private static readonly FrozenDictionary<string, KeyboardKey> Keys = new Dictionary<string, KeyboardKey>
    {
        ["Key_Escape"] = KeyboardKey.Escape,
        ["Key_F1"] = KeyboardKey.F1,
        ["Key_F2"] = KeyboardKey.F2,
        ["Key_F3"] = KeyboardKey.F3,
        ["Key_F4"] = KeyboardKey.F4,
        ["Key_F5"] = KeyboardKey.F5,
        ["Key_F6"] = KeyboardKey.F6,
        ["Key_F7"] = KeyboardKey.F7,
        ["Key_F8"] = KeyboardKey.F8,
        ["Key_F9"] = KeyboardKey.F9,
        ["Key_F10"] = KeyboardKey.F10,
        ["Key_F11"] = KeyboardKey.F11,
        ["Key_F12"] = KeyboardKey.F12,
        ["Key_SysReq"] = KeyboardKey.SysReq,
        ["Key_ScrollLock"] = KeyboardKey.ScrollLock,
        ["Key_Break"] = KeyboardKey.Break,
        ["Key_LeftApostrophe"] = KeyboardKey.LeftApostrophe,
        ["Key_1"] = KeyboardKey.D1,
        ["Key_2"] = KeyboardKey.D2,
        ["Key_3"] = KeyboardKey.D3,
        ["Key_4"] = KeyboardKey.D4,
        ["Key_5"] = KeyboardKey.D5,
        ["Key_6"] = KeyboardKey.D6,
        ["Key_7"] = KeyboardKey.D7,
        ["Key_8"] = KeyboardKey.D8,
        ["Key_9"] = KeyboardKey.D9,
        ["Key_0"] = KeyboardKey.D0,
        ["Key_Hyphen"] = KeyboardKey.Hyphen,
        ["Key_Equals"] = KeyboardKey.Equals,
        ["Key_Backspace"] = KeyboardKey.Backspace,
        ["Key_Insert"] = KeyboardKey.Insert,
        ["Key_Home"] = KeyboardKey.Home,
        ["Key_PageUp"] = KeyboardKey.PageUp,
        ["Key_NumLock"] = KeyboardKey.NumLock,
        ["KeyPad_Divide"] = KeyboardKey.KeypadDivide,
        ["KeyPad_Multiply"] = KeyboardKey.KeypadMultiply,
        ["KeyPad_Minus"] = KeyboardKey.KeypadMinus,
        ["Key_Tab"] = KeyboardKey.Tab,
        ["Key_Q"] = KeyboardKey.Q,
        ["Key_W"] = KeyboardKey.W,
        ["Key_E"] = KeyboardKey.E,
        ["Key_R"] = KeyboardKey.R,
        ["Key_T"] = KeyboardKey.T,
        ["Key_Y"] = KeyboardKey.Y,
        ["Key_U"] = KeyboardKey.U,
        ["Key_I"] = KeyboardKey.I,
        ["Key_O"] = KeyboardKey.O,
        ["Key_P"] = KeyboardKey.P,
        ["Key_LeftBracket"] = KeyboardKey.LeftBracket,
        ["Key_RightBracket"] = KeyboardKey.RightBracket,
        ["Key_Backslash"] = KeyboardKey.Backslash,
        ["Key_Delete"] = KeyboardKey.Delete,
        ["Key_End"] = KeyboardKey.End,
        ["Key_PageDown"] = KeyboardKey.PageDown,
        ["KeyPad_7"] = KeyboardKey.Keypad7,
        ["KeyPad_8"] = KeyboardKey.Keypad8,
        ["KeyPad_9"] = KeyboardKey.Keypad9,
        ["KeyPad_Plus"] = KeyboardKey.KeypadPlus,
        ["Key_A"] = KeyboardKey.A,
        ["Key_S"] = KeyboardKey.S,
        ["Key_D"] = KeyboardKey.D,
        ["Key_F"] = KeyboardKey.F,
        ["Key_G"] = KeyboardKey.G,
        ["Key_H"] = KeyboardKey.H,
        ["Key_J"] = KeyboardKey.J,
        ["Key_K"] = KeyboardKey.K,
        ["Key_L"] = KeyboardKey.L,
        ["Key_SemiColon"] = KeyboardKey.Semicolon,
        ["Key_SingleQuote"] = KeyboardKey.SingleQuote,
        ["Key_Enter"] = KeyboardKey.Enter,
        ["KeyPad_4"] = KeyboardKey.Keypad4,
        ["KeyPad_5"] = KeyboardKey.Keypad5,
        ["KeyPad_6"] = KeyboardKey.Keypad6,
        ["Key_LeftShift"] = KeyboardKey.LeftShift,
        ["Key_Z"] = KeyboardKey.Z,
        ["Key_X"] = KeyboardKey.X,
        ["Key_C"] = KeyboardKey.C,
        ["Key_V"] = KeyboardKey.V,
        ["Key_B"] = KeyboardKey.B,
        ["Key_N"] = KeyboardKey.N,
        ["Key_M"] = KeyboardKey.M,
        ["Key_Comma"] = KeyboardKey.Comma,
        ["Key_Period"] = KeyboardKey.Period,
        ["Key_Slash"] = KeyboardKey.Slash,
        ["Key_RightShift"] = KeyboardKey.RightShift,
        ["Key_Up"] = KeyboardKey.Up,
        ["KeyPad_1"] = KeyboardKey.Keypad1,
        ["KeyPad_2"] = KeyboardKey.Keypad2,
        ["KeyPad_3"] = KeyboardKey.Keypad3,
        ["KeyPad_Enter"] = KeyboardKey.KeypadEnter,
        ["Key_LeftCtrl"] = KeyboardKey.LeftCtrl,
        ["Key_LeftWindows"] = KeyboardKey.LeftWindows,
        ["Key_LeftAlt"] = KeyboardKey.LeftAlt,
        ["Key_Space"] = KeyboardKey.Space,
        ["Key_RightAlt"] = KeyboardKey.RightAlt,
        ["Key_RightWindows"] = KeyboardKey.RightWindows,
        ["Key_RightCtrl"] = KeyboardKey.RightCtrl,
        ["Key_Application"] = KeyboardKey.Application,
        ["Key_Left"] = KeyboardKey.Left,
        ["Key_Down"] = KeyboardKey.Down,
        ["Key_Right"] = KeyboardKey.Right,
        ["KeyPad_0"] = KeyboardKey.Keypad0,
        ["KeyPad_DecimalPoint"] = KeyboardKey.KeypadDecimalPoint,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of all keys.</summary>
    public static IReadOnlyCollection<string> Names => Keys.Keys;

    /// <summary>Finds a key.</summary>
    /// <param name="token">The key's name.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MissingArgument"/> for null, <see cref="VirtualMachineError.InvalidArgument"/> for an empty or
    /// unknown name.
    /// </exception>
    public static KeyboardKey Find(string? token)
    {
        if (token is null)
        {
            throw new VirtualMachineException(VirtualMachineError.MissingArgument, "No key was named.");
        }

        string name = token.Trim();
        return Keys.TryGetValue(name, out KeyboardKey key) ? key : throw Unknown(name);
    }

    private static VirtualMachineException Unknown(string name)
    {
        const int LongestShown = 40;
        return new VirtualMachineException(
            VirtualMachineError.InvalidArgument,
            name.Length == 0
                ? "An empty text names no key. Names are like Key_A, Key_Enter or KeyPad_7."
                : $"'{(name.Length <= LongestShown ? name : name[..LongestShown] + "...")}' is no key. "
                    + "Names are like Key_A, Key_Enter or KeyPad_7.");
    }
}
