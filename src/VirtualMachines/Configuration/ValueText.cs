using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Xml;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>How values stand in a file: the four types of the real .vmc files and their texts.</summary>
public static class ValueText
{
    private const string IntegerType = "integer";
    private const string StringType = "string";
    private const string BooleanType = "boolean";
    private const string BytesType = "bytes";

    /// <summary>
    /// Reads a leaf's text by its type. A text that does not fit is answered as it is: low-level access shows what is there.
    /// </summary>
    /// <param name="type">The leaf's type; anything unknown, or none, is a string.</param>
    /// <param name="text">The leaf's text.</param>
    internal static object Read(string? type, string text) => type switch
    {
        // Values above int.MaxValue keep their 32 bits, because the contract answers VT_I4.
        IntegerType when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number)
            && number is >= int.MinValue and <= uint.MaxValue => unchecked((int)number),
        BooleanType when bool.TryParse(text, out bool flag) => flag,
        BytesType when text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) => Convert.FromHexString(text),
        _ => text,
    };

    /// <summary>The type and text for a value.</summary>
    /// <param name="path">Where it goes, for the error text.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: not a type, number or character that can be kept.
    /// </exception>
    internal static (string Type, string Text) Write(ValuePath path, object? value) => value switch
    {
        sbyte or byte or short or ushort or int or uint => (IntegerType, Of(value)),
        long number and >= int.MinValue and <= uint.MaxValue => (IntegerType, Of(number)),
        ulong and <= uint.MaxValue => (IntegerType, Of(value)),
        bool => (BooleanType, Of(value)),
        byte[] => (BytesType, Of(value)),
        string text => (StringType, Checked(path, text)),
        _ => throw new VirtualMachineException(
            VirtualMachineError.InvalidArgument,
            $"'{path}' cannot take {(value is null ? "an empty value" : $"a value of type {value.GetType().Name}")}: " +
            "use an integer of 32 bits, a string, a boolean or an array of bytes."),
    };

    /// <summary>The name of a type, as it stands in a file.</summary>
    /// <param name="type">The type.</param>
    public static string NameOf(ConfigurationValueType type) => type switch
    {
        ConfigurationValueType.Number => IntegerType,
        ConfigurationValueType.Flag => BooleanType,
        ConfigurationValueType.Bytes => BytesType,
        _ => StringType,
    };

    /// <summary>Finds the type that a name stands for.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <returns>False when the files have no such type.</returns>
    public static bool TryParseType(string? name, out ConfigurationValueType type)
    {
        foreach (ConfigurationValueType known in Enum.GetValues<ConfigurationValueType>())
        {
            if (NameOf(known) == name)
            {
                type = known;
                return true;
            }
        }

        type = default;
        return false;
    }

    /// <summary>The type of a value.</summary>
    /// <param name="value">A value as a store answers it, or any integer.</param>
    public static ConfigurationValueType TypeOf(object value) => value switch
    {
        string => ConfigurationValueType.Text,
        bool => ConfigurationValueType.Flag,
        byte[] => ConfigurationValueType.Bytes,
        _ => ConfigurationValueType.Number,
    };

    /// <summary>
    /// Reads a text that a person wrote, where <see cref="Read"/> reads what a file holds: what does not fit the type is refused.
    /// </summary>
    /// <param name="type">The type.</param>
    /// <param name="text">The text.</param>
    /// <param name="value">
    /// An <see cref="int"/>, a <see cref="uint"/> when the number is greater, a <see cref="string"/>, <see cref="bool"/> or byte array.
    /// </param>
    /// <returns>False when the text does not fit.</returns>
    public static bool TryRead(ConfigurationValueType type, string text, [NotNullWhen(true)] out object? value)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = type switch
        {
            ConfigurationValueType.Number when int.TryParse(
                text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) => number,
            ConfigurationValueType.Number when uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) =>
                number,
            ConfigurationValueType.Flag when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
            ConfigurationValueType.Flag when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
            ConfigurationValueType.Bytes when text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) => Convert.FromHexString(text),
            ConfigurationValueType.Text => text,
            _ => null,
        };
        return value is not null;
    }

    /// <summary>The text of a value as it stands in a file.</summary>
    /// <param name="value">An <see cref="int"/>, <see cref="string"/>, <see cref="bool"/> or byte array.</param>
    public static string Of(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        byte[] bytes => Convert.ToHexString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Checked(ValuePath path, string text)
    {
        try
        {
            return XmlConvert.VerifyXmlChars(text);
        }
        catch (XmlException e)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"The text for '{path}' holds a character that an XML file cannot keep: {e.Message}", e);
        }
    }
}
