using System.Globalization;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.VmcFiles;

/// <summary>One row of the table of known keys: which paths it stands for, and which values these can have.</summary>
/// <param name="pattern">The paths, with ranges for ids: <c>location[@id=0..1]/drive_type</c>.</param>
/// <param name="type">The type of the values.</param>
/// <param name="meaning">What a value says.</param>
public sealed class KnownKey(string pattern, ConfigurationValueType type, string meaning)
{
    private const int LongestShownValue = 40;

    private readonly KnownKeyPattern paths = new(pattern);

    /// <summary>The paths, with ranges for ids.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>The type of the values.</summary>
    public ConfigurationValueType Type { get; } = type;

    /// <summary>What a value says.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>
    /// What counts when there is no value, in words for people: <c>512</c>, <c>made at the first start</c>. Null when nothing does.
    /// </summary>
    public string? DefaultText { get; init; }

    /// <summary>
    /// The least integer. A key whose <see cref="Maximum"/> is above <see cref="int.MaxValue"/> keeps 32 bits without a sign.
    /// </summary>
    public long Minimum { get; init; } = int.MinValue;

    /// <summary>The greatest integer.</summary>
    public long Maximum { get; init; } = int.MaxValue;

    /// <summary>The values that are possible, where these are few; else empty.</summary>
    public IReadOnlyList<KnownValue> Values { get; init; } = [];

    /// <summary>The form of a text, or null for any. An empty text counts as none, and is possible whatever the form.</summary>
    internal KnownForm? Form { get; init; }

    /// <summary>
    /// Whether a value that the key does not take makes a machine unusable. Where it is false such a value counts as none: nothing here
    /// depends on it, or another program may have its own there.
    /// </summary>
    internal bool IsChecked { get; private set; } = true;

    /// <summary>The fewest bytes.</summary>
    public int MinimumLength { get; init; }

    /// <summary>The most characters of a text, or the most bytes.</summary>
    public int MaximumLength { get; init; } = int.MaxValue;

    /// <summary>Sets <see cref="IsChecked"/> to false.</summary>
    internal KnownKey Unchecked()
    {
        IsChecked = false;
        return this;
    }

    /// <summary>What the key takes, in words: <c>an integer from 4 to 3,712</c>.</summary>
    internal string Range => Type switch
    {
        _ when Values.Count > 0 => Choice(Values),
        ConfigurationValueType.Number when Minimum == int.MinValue && Maximum == int.MaxValue => "an integer of 32 bits",
        ConfigurationValueType.Number => string.Create(CultureInfo.InvariantCulture, $"an integer from {Minimum:N0} to {Maximum:N0}"),
        ConfigurationValueType.Flag => "true or false",
        ConfigurationValueType.Bytes when MinimumLength == MaximumLength => $"{MinimumLength} bytes in hexadecimal",
        ConfigurationValueType.Bytes => string.Create(CultureInfo.InvariantCulture, $"at most {MaximumLength:N0} bytes in hexadecimal"),
        _ when Form is not null => Form.Description,
        _ when MaximumLength == int.MaxValue => "text",
        _ => string.Create(CultureInfo.InvariantCulture, $"text of at most {MaximumLength:N0} characters"),
    };

    /// <summary>Whether the key stands for a path.</summary>
    /// <param name="path">The path of a value.</param>
    internal bool Matches(string path) => ValuePath.TryParse(path, out ValuePath? parsed) && Matches(parsed);

    /// <summary>Whether a value is one that the key can have.</summary>
    /// <param name="value">
    /// The value as a store answers it: an <see cref="int"/>, <see cref="string"/>, <see cref="bool"/> or array of bytes.
    /// </param>
    internal bool Allows(object value) => value switch
    {
        int number when Type == ConfigurationValueType.Number => AllowsNumber(Maximum > int.MaxValue ? unchecked((uint)number) : number),
        uint number when Type == ConfigurationValueType.Number => AllowsNumber(number),
        string text when Type == ConfigurationValueType.Text => AllowsText(text),
        bool => Type == ConfigurationValueType.Flag,
        byte[] bytes => Type == ConfigurationValueType.Bytes && bytes.Length >= MinimumLength && bytes.Length <= MaximumLength,
        _ => false,
    };

    /// <summary>Why a value is none that the key can have, as one sentence with what it takes.</summary>
    /// <param name="path">The path of the value.</param>
    /// <param name="value">The value as a store answers it, or the text that a person gave.</param>
    internal string Refuse(string path, object value) =>
        $"'{path}' cannot be '{Shortened(value as string ?? ValueText.Of(value))}': it takes {Range}.";

    /// <inheritdoc/>
    public override string ToString() => Pattern;

    /// <summary>Whether the key stands for a path.</summary>
    /// <param name="path">The path of a value.</param>
    internal bool Matches(ValuePath path) => paths.Matches(path);

    /// <summary>The beginning of a text, for a refusal.</summary>
    /// <param name="text">The text.</param>
    internal static string Shortened(string text) => text.Length > LongestShownValue ? text[..LongestShownValue] + "..." : text;

    private static string Choice(IReadOnlyList<KnownValue> values)
    {
        string[] each = [.. values.Select(known => $"{known.Value} ({known.Meaning})")];
        return $"{string.Join(", ", each[..^1])} or {each[^1]}";
    }

    private bool AllowsNumber(long number) => Values.Count > 0
        ? Values.Any(known => known.Value is int value && value == number)
        : number >= Minimum && number <= Maximum;

    private bool AllowsText(string text) => text.Length <= MaximumLength
        && (Values.Count == 0 || Values.Any(known => known.Value.Equals(text)))
        && (Form is null || text.Length == 0 || Form.IsMet(text));
}
