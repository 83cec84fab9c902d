using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.CommandLine.Machines;

/// <summary>A value of a machine's configuration, as it travels and as <c>--json</c> prints it.</summary>
/// <param name="Key">Its slash path.</param>
/// <param name="Type">The name of its type: <c>integer</c>, <c>string</c>, <c>boolean</c> or <c>bytes</c>.</param>
/// <param name="Value">Its text as it stands in the file: decimal, <c>true</c> or <c>false</c>, hexadecimal.</param>
internal sealed record ConfigurationValue(string Key, string Type, string Value)
{
    /// <summary>Describes a value.</summary>
    /// <param name="key">Its slash path.</param>
    /// <param name="value">The value, of a type that a store takes.</param>
    public static ConfigurationValue Of(string key, object value) =>
        new(key, ValueText.NameOf(ValueText.TypeOf(value)), ValueText.Of(value));

    /// <summary>The value, as a store takes it.</summary>
    /// <exception cref="VirtualMachineException">Type and text do not fit; they came over a wire.</exception>
    public object ToObject() =>
        ValueText.TryParseType(Type, out ConfigurationValueType type) && ValueText.TryRead(type, Value, out object? value)
        ? value
        : throw new VirtualMachineException(
            VirtualMachineError.InvalidArgument, $"'{Key}' was given a value that is none of the type '{Type}'.");
}
