using System.Collections.Frozen;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>Which keys of a US keyboard type which character.</summary>
internal static class AsciiTyping
{
    /// <summary>Characters of one text: more than anybody types, and less than a keyboard's buffer must hold.</summary>
    public const int MaximumLength = 16 * 1024;

    private const string Plain = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./ \t\n\b\u001b";
    private const string Shifted = "~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?";

    private static readonly KeyboardKey[] Keys =
    [
        KeyboardKey.LeftApostrophe, KeyboardKey.D1, KeyboardKey.D2, KeyboardKey.D3, KeyboardKey.D4, KeyboardKey.D5, KeyboardKey.D6,
        KeyboardKey.D7,
        KeyboardKey.D8, KeyboardKey.D9, KeyboardKey.D0, KeyboardKey.Hyphen, KeyboardKey.Equals,
        KeyboardKey.Q, KeyboardKey.W, KeyboardKey.E, KeyboardKey.R, KeyboardKey.T, KeyboardKey.Y, KeyboardKey.U, KeyboardKey.I,
        KeyboardKey.O,
        KeyboardKey.P, KeyboardKey.LeftBracket, KeyboardKey.RightBracket, KeyboardKey.Backslash,
        KeyboardKey.A, KeyboardKey.S, KeyboardKey.D, KeyboardKey.F, KeyboardKey.G, KeyboardKey.H, KeyboardKey.J, KeyboardKey.K,
        KeyboardKey.L,
        KeyboardKey.Semicolon, KeyboardKey.SingleQuote,
        KeyboardKey.Z, KeyboardKey.X, KeyboardKey.C, KeyboardKey.V, KeyboardKey.B, KeyboardKey.N, KeyboardKey.M, KeyboardKey.Comma,
        KeyboardKey.Period, KeyboardKey.Slash,
        KeyboardKey.Space, KeyboardKey.Tab, KeyboardKey.Enter, KeyboardKey.Backspace, KeyboardKey.Escape,
    ];

    private static readonly FrozenDictionary<char, (KeyboardKey Key, bool WithShift)> KeyOf = Keys
        .SelectMany((key, i) => i < Shifted.Length ? [(Plain[i], key, false), (Shifted[i], key, true)] : new[] { (Plain[i], key, false) })
        .ToFrozenDictionary(entry => entry.Item1, entry => (entry.key, entry.Item3));

    /// <summary>The strokes that type a text. A line end, in whatever form, is one Enter.</summary>
    /// <param name="text">ASCII: what is printable, tabs, line ends, backspaces and escapes.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MissingArgument"/> for null; <see cref="VirtualMachineError.InvalidArgument"/>: the text is empty or
    /// too long, or no key types one of its characters.
    /// </exception>
    public static IReadOnlyList<KeyStroke> StrokesFor(string? text)
    {
        if (text is null)
        {
            throw new VirtualMachineException(VirtualMachineError.MissingArgument, "No text to type was given.");
        }

        if (text.Length is 0 or > MaximumLength)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"A text to type has 1 to {MaximumLength:N0} characters; this one has {text.Length:N0}.");
        }

        List<KeyStroke> strokes = new(text.Length * 2);
        foreach (char character in text.ReplaceLineEndings("\n"))
        {
            if (!KeyOf.TryGetValue(character, out (KeyboardKey Key, bool WithShift) typed))
            {
                throw new VirtualMachineException(
                    VirtualMachineError.InvalidArgument,
                    $"No key of a US keyboard types the character U+{(int)character:X4}. Type ASCII, or send the keys of a sequence.")
                {
                    Remedy = new Remedy(RemedyAction.TypeKeySequence, Subject: null),
                };
            }

            if (typed.WithShift)
            {
                strokes.Add(new KeyStroke(KeyboardKey.LeftShift, IsDown: true));
            }

            strokes.Add(new KeyStroke(typed.Key, IsDown: true));
            strokes.Add(new KeyStroke(typed.Key, IsDown: false));
            if (typed.WithShift)
            {
                strokes.Add(new KeyStroke(KeyboardKey.LeftShift, IsDown: false));
            }
        }

        return strokes;
    }
}
