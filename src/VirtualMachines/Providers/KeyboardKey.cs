namespace VpcComApi.VirtualMachines.Providers;

/// <summary>
/// The 103 keys of the contract's keyboard, a US 101-key one with the two Windows keys and the application key; there is no Caps Lock. A
/// member's value is the key's code in scan code set 1, as a PC's keyboard controller gives it: <c>0xE0</c> in the high byte stands for the
/// prefix of the extended keys. See https://wiki.osdev.org/PS/2_Keyboard.
/// </summary>
public enum KeyboardKey
{
    /// <summary><c>Key_Escape</c>.</summary>
    Escape = 0x01,

    /// <summary><c>Key_F1</c>.</summary>
    F1 = 0x3B,

    /// <summary><c>Key_F2</c>.</summary>
    F2 = 0x3C,

    /// <summary><c>Key_F3</c>.</summary>
    F3 = 0x3D,

    /// <summary><c>Key_F4</c>.</summary>
    F4 = 0x3E,

    /// <summary><c>Key_F5</c>.</summary>
    F5 = 0x3F,

    /// <summary><c>Key_F6</c>.</summary>
    F6 = 0x40,

    /// <summary><c>Key_F7</c>.</summary>
    F7 = 0x41,

    /// <summary><c>Key_F8</c>.</summary>
    F8 = 0x42,

    /// <summary><c>Key_F9</c>.</summary>
    F9 = 0x43,

    /// <summary><c>Key_F10</c>.</summary>
    F10 = 0x44,

    /// <summary><c>Key_F11</c>.</summary>
    F11 = 0x57,

    /// <summary><c>Key_F12</c>.</summary>
    F12 = 0x58,

    /// <summary><c>Key_SysReq</c>: Print Screen, whose other legend is SysReq.</summary>
    SysReq = 0xE037,

    /// <summary><c>Key_ScrollLock</c>.</summary>
    ScrollLock = 0x46,

    /// <summary>
    /// <c>Key_Break</c>: Pause, whose other legend is Break. Its code is that of Ctrl-Break; a keyboard sends a longer one that has no
    /// release.
    /// </summary>
    Break = 0xE046,

    /// <summary><c>Key_LeftApostrophe</c>: ` and ~, left of 1.</summary>
    LeftApostrophe = 0x29,

    /// <summary><c>Key_1</c>.</summary>
    D1 = 0x02,

    /// <summary><c>Key_2</c>.</summary>
    D2 = 0x03,

    /// <summary><c>Key_3</c>.</summary>
    D3 = 0x04,

    /// <summary><c>Key_4</c>.</summary>
    D4 = 0x05,

    /// <summary><c>Key_5</c>.</summary>
    D5 = 0x06,

    /// <summary><c>Key_6</c>.</summary>
    D6 = 0x07,

    /// <summary><c>Key_7</c>.</summary>
    D7 = 0x08,

    /// <summary><c>Key_8</c>.</summary>
    D8 = 0x09,

    /// <summary><c>Key_9</c>.</summary>
    D9 = 0x0A,

    /// <summary><c>Key_0</c>.</summary>
    D0 = 0x0B,

    /// <summary><c>Key_Hyphen</c>.</summary>
    Hyphen = 0x0C,

    /// <summary><c>Key_Equals</c>.</summary>
    Equals = 0x0D,

    /// <summary><c>Key_Backspace</c>.</summary>
    Backspace = 0x0E,

    /// <summary><c>Key_Insert</c>.</summary>
    Insert = 0xE052,

    /// <summary><c>Key_Home</c>.</summary>
    Home = 0xE047,

    /// <summary><c>Key_PageUp</c>.</summary>
    PageUp = 0xE049,

    /// <summary><c>Key_NumLock</c>.</summary>
    NumLock = 0x45,

    /// <summary><c>KeyPad_Divide</c>.</summary>
    KeypadDivide = 0xE035,

    /// <summary><c>KeyPad_Multiply</c>.</summary>
    KeypadMultiply = 0x37,

    /// <summary><c>KeyPad_Minus</c>.</summary>
    KeypadMinus = 0x4A,

    /// <summary><c>Key_Tab</c>.</summary>
    Tab = 0x0F,

    /// <summary><c>Key_Q</c>.</summary>
    Q = 0x10,

    /// <summary><c>Key_W</c>.</summary>
    W = 0x11,

    /// <summary><c>Key_E</c>.</summary>
    E = 0x12,

    /// <summary><c>Key_R</c>.</summary>
    R = 0x13,

    /// <summary><c>Key_T</c>.</summary>
    T = 0x14,

    /// <summary><c>Key_Y</c>.</summary>
    Y = 0x15,

    /// <summary><c>Key_U</c>.</summary>
    U = 0x16,

    /// <summary><c>Key_I</c>.</summary>
    I = 0x17,

    /// <summary><c>Key_O</c>.</summary>
    O = 0x18,

    /// <summary><c>Key_P</c>.</summary>
    P = 0x19,

    /// <summary><c>Key_LeftBracket</c>.</summary>
    LeftBracket = 0x1A,

    /// <summary><c>Key_RightBracket</c>.</summary>
    RightBracket = 0x1B,

    /// <summary><c>Key_Backslash</c>.</summary>
    Backslash = 0x2B,

    /// <summary><c>Key_Delete</c>.</summary>
    Delete = 0xE053,

    /// <summary><c>Key_End</c>.</summary>
    End = 0xE04F,

    /// <summary><c>Key_PageDown</c>.</summary>
    PageDown = 0xE051,

    /// <summary><c>KeyPad_7</c>.</summary>
    Keypad7 = 0x47,

    /// <summary><c>KeyPad_8</c>.</summary>
    Keypad8 = 0x48,

    /// <summary><c>KeyPad_9</c>.</summary>
    Keypad9 = 0x49,

    /// <summary><c>KeyPad_Plus</c>.</summary>
    KeypadPlus = 0x4E,

    /// <summary><c>Key_A</c>.</summary>
    A = 0x1E,

    /// <summary><c>Key_S</c>.</summary>
    S = 0x1F,

    /// <summary><c>Key_D</c>.</summary>
    D = 0x20,

    /// <summary><c>Key_F</c>.</summary>
    F = 0x21,

    /// <summary><c>Key_G</c>.</summary>
    G = 0x22,

    /// <summary><c>Key_H</c>.</summary>
    H = 0x23,

    /// <summary><c>Key_J</c>.</summary>
    J = 0x24,

    /// <summary><c>Key_K</c>.</summary>
    K = 0x25,

    /// <summary><c>Key_L</c>.</summary>
    L = 0x26,

    /// <summary><c>Key_SemiColon</c>.</summary>
    Semicolon = 0x27,

    /// <summary><c>Key_SingleQuote</c>.</summary>
    SingleQuote = 0x28,

    /// <summary><c>Key_Enter</c>.</summary>
    Enter = 0x1C,

    /// <summary><c>KeyPad_4</c>.</summary>
    Keypad4 = 0x4B,

    /// <summary><c>KeyPad_5</c>.</summary>
    Keypad5 = 0x4C,

    /// <summary><c>KeyPad_6</c>.</summary>
    Keypad6 = 0x4D,

    /// <summary><c>Key_LeftShift</c>.</summary>
    LeftShift = 0x2A,

    /// <summary><c>Key_Z</c>.</summary>
    Z = 0x2C,

    /// <summary><c>Key_X</c>.</summary>
    X = 0x2D,

    /// <summary><c>Key_C</c>.</summary>
    C = 0x2E,

    /// <summary><c>Key_V</c>.</summary>
    V = 0x2F,

    /// <summary><c>Key_B</c>.</summary>
    B = 0x30,

    /// <summary><c>Key_N</c>.</summary>
    N = 0x31,

    /// <summary><c>Key_M</c>.</summary>
    M = 0x32,

    /// <summary><c>Key_Comma</c>.</summary>
    Comma = 0x33,

    /// <summary><c>Key_Period</c>.</summary>
    Period = 0x34,

    /// <summary><c>Key_Slash</c>.</summary>
    Slash = 0x35,

    /// <summary><c>Key_RightShift</c>.</summary>
    RightShift = 0x36,

    /// <summary><c>Key_Up</c>.</summary>
    Up = 0xE048,

    /// <summary><c>KeyPad_1</c>.</summary>
    Keypad1 = 0x4F,

    /// <summary><c>KeyPad_2</c>.</summary>
    Keypad2 = 0x50,

    /// <summary><c>KeyPad_3</c>.</summary>
    Keypad3 = 0x51,

    /// <summary><c>KeyPad_Enter</c>.</summary>
    KeypadEnter = 0xE01C,

    /// <summary><c>Key_LeftCtrl</c>.</summary>
    LeftCtrl = 0x1D,

    /// <summary><c>Key_LeftWindows</c>.</summary>
    LeftWindows = 0xE05B,

    /// <summary><c>Key_LeftAlt</c>.</summary>
    LeftAlt = 0x38,

    /// <summary><c>Key_Space</c>.</summary>
    Space = 0x39,

    /// <summary><c>Key_RightAlt</c>.</summary>
    RightAlt = 0xE038,

    /// <summary><c>Key_RightWindows</c>.</summary>
    RightWindows = 0xE05C,

    /// <summary><c>Key_RightCtrl</c>.</summary>
    RightCtrl = 0xE01D,

    /// <summary><c>Key_Application</c>.</summary>
    Application = 0xE05D,

    /// <summary><c>Key_Left</c>.</summary>
    Left = 0xE04B,

    /// <summary><c>Key_Down</c>.</summary>
    Down = 0xE050,

    /// <summary><c>Key_Right</c>.</summary>
    Right = 0xE04D,

    /// <summary><c>KeyPad_0</c>.</summary>
    Keypad0 = 0x52,

    /// <summary><c>KeyPad_DecimalPoint</c>.</summary>
    KeypadDecimalPoint = 0x53,
}
