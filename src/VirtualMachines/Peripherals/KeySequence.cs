using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>
/// A key sequence of the contract, such as <c>DOWN,Key_LeftCtrl,Key_C,UP,Key_LeftCtrl</c>: words between commas. A bare key is pressed and
/// released; DOWN and UP belong to the next key alone; HOLD waits for 200 ms.
/// </summary>
internal static class KeySequence
{
    /// <summary>Words in one sequence.</summary>
    public const int MaximumWords = 4096;

    /// <summary>HOLDs in one sequence: half a minute.</summary>
    public const int MaximumHolds = 150;

    /// <summary>Reads a sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The strokes up to each HOLD, and those after the last one.</returns>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MissingArgument"/> for null; <see cref="VirtualMachineError.InvalidArgument"/>: the sequence is empty
    /// or too long, or holds a word that is no key, or a DOWN or UP without one.
    /// </exception>
    public static IReadOnlyList<IReadOnlyList<KeyStroke>> Parse(string? sequence)
    {
        if (sequence is null)
        {
            throw new VirtualMachineException(VirtualMachineError.MissingArgument, "No key sequence was given.");
        }

        string[] words = sequence.Split(KeyTokens.Separator, MaximumWords + 1, StringSplitOptions.TrimEntries);
        if (words.Length > MaximumWords)
        {
            throw Malformed($"it has more than {MaximumWords} words");
        }

        List<List<KeyStroke>> parts = [[]];
        string? modifier = null;
        foreach (string word in words)
        {
            if (Is(word, KeyTokens.Hold) && modifier is null)
            {
                parts.Add([]);
            }
            else if ((Is(word, KeyTokens.Down) || Is(word, KeyTokens.Up)) && modifier is null)
            {
                modifier = word;
            }
            else
            {
                Add(parts[^1], KeyTokens.Find(word), modifier);
                modifier = null;
            }
        }

        if (modifier is not null)
        {
            throw Malformed($"no key follows its last {modifier}");
        }

        return parts.Count - 1 <= MaximumHolds ? parts : throw Malformed($"it holds more than {MaximumHolds} times");
    }

    private static void Add(List<KeyStroke> strokes, KeyboardKey key, string? modifier)
    {
        if (modifier is null || Is(modifier, KeyTokens.Down))
        {
            strokes.Add(new KeyStroke(key, IsDown: true));
        }

        if (modifier is null || Is(modifier, KeyTokens.Up))
        {
            strokes.Add(new KeyStroke(key, IsDown: false));
        }
    }

    private static bool Is(string word, string token) => word.Equals(token, StringComparison.OrdinalIgnoreCase);

    private static VirtualMachineException Malformed(string why) =>
        new(
            VirtualMachineError.InvalidArgument,
            $"The key sequence is not usable: {why}. It looks like DOWN,Key_LeftCtrl,Key_C,UP,Key_LeftCtrl.");
}
