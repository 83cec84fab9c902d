using VpcComApi.CommandLine.Machines;
using VpcComApi.Hosting;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.CommandLine.Commands;

/// <summary>
/// <c>KEY=VALUE</c> or <c>KEY:TYPE=VALUE</c>, as a person gives a value of a machine's configuration. An <c>=</c> or <c>:</c> within
/// brackets belongs to the key, as in <c>location[@id=0]</c>.
/// </summary>
/// <param name="Key">The value's slash path.</param>
/// <param name="Type">The name of the type that was given, or null.</param>
/// <param name="Text">The value.</param>
internal sealed record ConfigurationAssignment(string Key, string? Type, string Text)
{
    private const char ValueSeparator = '=';
    private const char TypeSeparator = ':';

    /// <summary>Reads one.</summary>
    /// <param name="argument">The text.</param>
    /// <exception cref="FormatException">It has no <c>=</c> behind a key; the message is one for a person.</exception>
    public static ConfigurationAssignment Parse(string argument)
    {
        int separator = IndexOutsideBrackets(argument, ValueSeparator);
        if (separator < 1)
        {
            throw new FormatException($"'{argument}' is no KEY=VALUE.");
        }

        string key = argument[..separator];
        string text = argument[(separator + 1)..];
        int type = IndexOutsideBrackets(key, TypeSeparator);
        return type < 0 ? new ConfigurationAssignment(key, null, text) : new ConfigurationAssignment(key[..type], key[(type + 1)..], text);
    }

    /// <summary>
    /// The value that is meant: of the key's type, or of the type that was given or that the text looks like
    /// (<see cref="KnownKeys.ReadValue"/>).
    /// </summary>
    /// <exception cref="VirtualMachineException">
    /// The key cannot have that value, or there is no such type; the text says what it takes.
    /// </exception>
    public ConfigurationValue ToValue()
    {
        ConfigurationValueType? type = null;
        if (Type is not null)
        {
            type = ValueText.TryParseType(Type, out ConfigurationValueType named)
                ? named
                : throw new VirtualMachineException(
                    VirtualMachineError.InvalidArgument,
                    $"'{Type}' is no type of a value. The types are "
                        + $"{string.Join(", ", Enum.GetValues<ConfigurationValueType>().Select(ValueText.NameOf))}.");
        }

        return ConfigurationValue.Of(Key, Composition.KnownKeys.ReadValue(Key, type, Text));
    }

    private static int IndexOutsideBrackets(string text, char wanted)
    {
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '[':
                    depth++;
                    break;
                case ']':
                    depth--;
                    break;
                case var found when found == wanted && depth == 0:
                    return i;
            }
        }

        return -1;
    }
}
