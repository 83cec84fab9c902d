using System.Globalization;
using System.Xml;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>How values stand in a file: the four types of the real .vmc files and their texts.</summary>
internal static class ValueText
{
    private const string IntegerType = "integer";
    private const string StringType = "string";
    private const string BooleanType = "boolean";
    private const string BytesType = "bytes";

    /// <summary>Reads a leaf's text by its type. A text that does not fit is answered as it is: low-level access shows what is there.</summary>
    /// <param name="type">The leaf's type; anything unknown, or none, is a string.</param>
    /// <param name="text">The leaf's text.</param>
    public static object Read(string? type, string text) => type switch
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
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.InvalidArgument"/>: not a type, number or character that can be kept.</exception>
    public static (string Type, string Text) Write(ValuePath path, object? value) => value switch
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
                VirtualMachineError.InvalidArgument, $"The text for '{path}' holds a character that an XML file cannot keep: {e.Message}", e);
        }
    }
}
