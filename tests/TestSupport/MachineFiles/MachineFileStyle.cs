using System.Text;

namespace VpcComApi.TestSupport.MachineFiles;

/// <summary>How a program or a person has written a machine file.</summary>
public sealed record MachineFileStyle
{
    /// <summary>As Virtual PC writes.</summary>
    public static MachineFileStyle VirtualPC { get; } = new();

    /// <summary>The encoding, which writes a byte order mark if it has one.</summary>
    public Encoding Encoding { get; init; } = Encoding.Unicode;

    /// <summary>The text before the root element.</summary>
    public string Start { get; init; } =
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<!-- Microsoft Virtual Machine Options and Settings -->\n";

    /// <summary>The text after the root element.</summary>
    public string End { get; init; } = "\n";

    /// <summary>The line end; empty for a file of one line.</summary>
    public string LineEnd { get; init; } = "\r\n";

    /// <summary>The indentation of one level.</summary>
    public string Indent { get; init; } = "\t";

    /// <summary>How an empty element ends.</summary>
    public string EmptyEnd { get; init; } = " />";

    /// <summary>The quotes of attributes.</summary>
    public char Quote { get; init; } = '"';
}
