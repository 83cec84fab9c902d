using System.Diagnostics.CodeAnalysis;
using System.Xml;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// The path of a value below a document's root: element names joined by <c>/</c>, each with an optional id as in
/// <c>hardware/pci_bus/ide_adapter/ide_controller[@id=1]/location[@id=0]/pathname/absolute</c>. The id may stand in single or double
/// quotes.
/// </summary>
internal sealed class ValuePath
{
    /// <summary>The longest path, in characters.</summary>
    public const int MaximumLength = 1024;

    /// <summary>The most elements on one path. A document may be a little deeper (<see cref="XmlValueDocument.MaximumDepth"/>).</summary>
    public const int MaximumSteps = 32;

    /// <summary>The longest id, in characters.</summary>
    public const int MaximumIdLength = 64;

    private const string IdStart = "[@id=";

    private ValuePath(IReadOnlyList<ValuePathStep> steps) => Steps = steps;

    /// <summary>The elements from the root's child to the leaf.</summary>
    public IReadOnlyList<ValuePathStep> Steps { get; }

    /// <summary>Reads a path.</summary>
    /// <param name="key">The text.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: the text is empty or malformed.
    /// </exception>
    public static ValuePath Parse(string? key) => TryParse(key, out ValuePath? path, out string? fault)
        ? path
        : throw new VirtualMachineException(
            VirtualMachineError.InvalidArgument, $"The configuration key {Shown(key)} is not usable: {fault}.");

    /// <summary>Reads a path without an exception.</summary>
    /// <param name="key">The text.</param>
    /// <param name="path">The path.</param>
    public static bool TryParse(string? key, [NotNullWhen(true)] out ValuePath? path) => TryParse(key, out path, out _);

    private static bool TryParse(string? key, [NotNullWhen(true)] out ValuePath? path, [NotNullWhen(false)] out string? fault)
    {
        path = null;
        if (string.IsNullOrEmpty(key))
        {
            fault = "it is empty";
            return false;
        }

        if (key.Length > MaximumLength)
        {
            fault = $"it has more than {MaximumLength} characters";
            return false;
        }

        // An id holds no slash, so the slashes alone separate the elements.
        string[] parts = key.Split('/');
        if (parts.Length > MaximumSteps)
        {
            fault = $"it has more than {MaximumSteps} elements";
            return false;
        }

        List<ValuePathStep> steps = new(parts.Length);
        foreach (string part in parts)
        {
            if (!TryParseStep(part, out ValuePathStep step))
            {
                fault = $"'{part}' is neither an element name nor NAME[@id=ID]";
                return false;
            }

            steps.Add(step);
        }

        path = new ValuePath(steps);
        fault = null;
        return true;
    }

    private static bool TryParseStep(string part, out ValuePathStep step)
    {
        step = default;
        int bracket = part.IndexOf('[', StringComparison.Ordinal);
        string name = bracket < 0 ? part : part[..bracket];
        if (!IsElementName(name))
        {
            return false;
        }

        if (bracket < 0)
        {
            step = new ValuePathStep(name, null);
            return true;
        }

        string predicate = part[bracket..];
        if (!predicate.StartsWith(IdStart, StringComparison.Ordinal) || !predicate.EndsWith(']'))
        {
            return false;
        }

        string id = predicate[IdStart.Length..^1];
        if (id.Length >= 2 && id[0] is '"' or '\'' && id[^1] == id[0])
        {
            id = id[1..^1];
        }

        if (id.Length is 0 or > MaximumIdLength || !id.All(IsIdCharacter))
        {
            return false;
        }

        step = new ValuePathStep(name, id);
        return true;
    }

    private static bool IsElementName(string name)
    {
        try
        {
            // A name without a colon: namespaces have no place in these files.
            return name.Length > 0 && XmlConvert.VerifyNCName(name).Length > 0;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static bool IsIdCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '{' or '}';

    private static string Shown(string? key) => key is null ? "(null)" : $"'{(key.Length > 80 ? key[..80] + "..." : key)}'";

    /// <inheritdoc/>
    public override string ToString() => string.Join('/', Steps);
}
