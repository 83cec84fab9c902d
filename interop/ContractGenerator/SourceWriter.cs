using System.Text;

namespace VpcComApi.ContractGenerator;

/// <summary>Collects the lines of one generated file, indented and with LF line ends on every platform.</summary>
public sealed class SourceWriter(int spacesPerLevel = 4)
{
    private readonly StringBuilder text = new();
    private int level;

    /// <summary>Writes a line at the present indentation; an empty line has none.</summary>
    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            text.Append(' ', level * spacesPerLevel).Append(line);
        }

        text.Append('\n');
    }

    /// <summary>Writes several lines at the present indentation.</summary>
    public void Lines(string lines)
    {
        foreach (string line in lines.ReplaceLineEndings("\n").Split('\n'))
        {
            Line(line);
        }
    }

    /// <summary>Writes the lines between two braces, indented by one more level.</summary>
    /// <param name="body">Writes the lines inside.</param>
    /// <param name="close">The closing line.</param>
    public void Block(Action body, string close = "}")
    {
        Line("{");
        Indented(body);
        Line(close);
    }

    /// <summary>Writes lines one level deeper.</summary>
    public void Indented(Action body)
    {
        level++;
        body();
        level--;
    }

    /// <summary>Writes each item, with an empty line between two.</summary>
    public void Separated<T>(IEnumerable<T> items, Action<T> write)
    {
        bool first = true;
        foreach (T? item in items)
        {
            if (!first)
            {
                Line();
            }

            write(item);
            first = false;
        }
    }

    /// <summary>The text written so far.</summary>
    public override string ToString() => text.ToString();
}
