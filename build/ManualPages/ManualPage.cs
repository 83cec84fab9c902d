using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;

namespace VpcComApi.ManualPages;

/// <summary>One manual page: a program's command line, as <c>--help</c> describes it, and parts of its page in docs.</summary>
/// <param name="command">The command line.</param>
/// <param name="name">The program's name.</param>
/// <param name="section">The section of the manual.</param>
/// <param name="sectionTitle">What that section is called.</param>
internal sealed class ManualPage(Command command, string name, string section, string sectionTitle)
{
    private readonly StringBuilder page = new();

    /// <summary>The file's name, such as <c>vpcctl.1</c>.</summary>
    public string FileName => $"{name}.{section}";

    /// <summary>The command line that it describes.</summary>
    public Command CommandLine => command;

    /// <summary>More on the program: paragraphs in Markdown.</summary>
    public required IReadOnlyList<string> Description { get; init; }

    /// <summary>What comes from docs.</summary>
    public required IReadOnlyList<ManualSection> Sections { get; init; }

    /// <summary>Other pages, with their sections.</summary>
    public required IReadOnlyList<(string Name, string Section)> SeeAlso { get; init; }

    /// <summary>The page's text.</summary>
    public string Write(PageEdition edition)
    {
        page.Clear();
        string date = edition.Date.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Line($".TH {name.ToUpperInvariant()} {section} {date} {RoffText.Quoted($"VpcComApi {edition.Version}")} "
            + RoffText.Quoted(sectionTitle));
        Section("NAME");
        Text($@"{name} \- {RoffText.Plain(Summary(command.Description!))}");
        Section("SYNOPSIS");
        Line($"{RoffText.LiteralBold(name)} {RoffText.Placeholder("COMMAND")} [{RoffText.Placeholder("ARGUMENT")}]...");
        Section("DESCRIPTION");
        Text(RoffText.Plain(command.Description!));
        foreach (string paragraph in Description)
        {
            Line(".PP");
            Text(RoffText.Markdown(paragraph));
        }

        Section("OPTIONS");
        Options(command);
        Section("COMMANDS");
        Commands(command, name);
        foreach (ManualSection more in Sections)
        {
            Section(more);
        }

        Section("SEE ALSO");
        for (int i = 0; i < SeeAlso.Count; i++)
        {
            Line($".BR {SeeAlso[i].Name} ({SeeAlso[i].Section}){(i < SeeAlso.Count - 1 ? " ," : string.Empty)}");
        }

        return page.ToString();
    }

    /// <summary>A description as a title: no capital at its beginning, unless a name stands there, and no full stop.</summary>
    private static string Summary(string description)
    {
        string text = description.TrimEnd('.');
        bool isName = text.Length > 1 && text.Split(' ').Take(2).All(word => char.IsUpper(word[0]));
        return isName ? text : char.ToLowerInvariant(text[0]) + text[1..];
    }

    private void Commands(Command above, string path)
    {
        foreach (Command below in above.Subcommands.Where(below => !below.Hidden))
        {
            string full = $"{path} {below.Name}";
            Line($".SS {RoffText.Quoted(RoffText.Literal(full))}");
            Text(Usage(below, full));
            Line(".PP");
            Text(RoffText.Plain(below.Description!));
            foreach (Argument argument in below.Arguments.Where(argument => !argument.Hidden))
            {
                Entry(RoffText.Placeholder(NameOf(argument)), RoffText.Plain(argument.Description!));
            }

            Options(below);
            Commands(below, full);
        }
    }

    private void Options(Command of)
    {
        // Every command has --help; that is said once.
        foreach (Option option in of.Options.Where(option => !option.Hidden && (of == command || option is not HelpOption)))
        {
            // The forms with a slash are for Windows.
            IEnumerable<string> names = option.Aliases.Append(option.Name).Where(name => name.StartsWith('-')).OrderBy(name => name.Length);
            string value = ValueOf(option) is { } placeholder ? " " + RoffText.Placeholder(placeholder) : string.Empty;
            Entry(string.Join(", ", names.Select(RoffText.LiteralBold)) + value, RoffText.Plain(DescriptionOf(option)));
        }
    }

    private static string Usage(Command command, string full)
    {
        StringBuilder usage = new(RoffText.LiteralBold(full));
        if (command.Subcommands.Count > 0)
        {
            usage.Append(' ').Append(RoffText.Placeholder("COMMAND"));
        }

        foreach (Argument argument in command.Arguments.Where(argument => !argument.Hidden))
        {
            string part = RoffText.Placeholder(NameOf(argument));
            usage.Append(' ').Append(Part(part, argument.Arity.MinimumNumberOfValues > 0, argument.Arity.MaximumNumberOfValues > 1));
        }

        foreach (Option option in command.Options.Where(option => !option.Hidden && option is not HelpOption))
        {
            string part = RoffText.LiteralBold(option.Name);
            part += ValueOf(option) is { } placeholder ? $@"\~{RoffText.Placeholder(placeholder)}" : string.Empty;
            usage.Append(' ').Append(Part(part, option.Required, option.Arity.MaximumNumberOfValues > 1));
        }

        return usage.ToString();
    }

    private static string Part(string part, bool isRequired, bool isRepeatable) =>
        (isRequired ? part : $"[{part}]") + (isRepeatable ? "..." : string.Empty);

    private static string NameOf(Argument argument) => argument.HelpName ?? argument.Name;

    /// <summary>What stands for an option's value, or null when it has none.</summary>
    private static string? ValueOf(Option option) =>
        option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) ? null : option.HelpName ?? "VALUE";

    private static string DescriptionOf(Option option) => option switch
    {
        { HasDefaultValue: true } when option.ValueType != typeof(bool) && option.GetDefaultValue() is IFormattable value =>
            $"{option.Description} {value.ToString(null, CultureInfo.InvariantCulture)} by default.",
        { Description: { } description } => description.EndsWith('.') ? description : description + ".",
        _ => throw new InvalidDataException($"The option {option.Name} has no description."),
    };

    private void Section(ManualSection more)
    {
        Section(more.Title);
        foreach ((string term, string meaning) in more.Entries)
        {
            Entry(RoffText.Markdown(term), RoffText.Markdown(meaning));
        }

        if (more.Example.Count > 0)
        {
            Line(".EX");
            foreach (string line in more.Example)
            {
                Line(RoffText.ExampleLine(line));
            }

            Line(".EE");
        }
    }

    private void Section(string title) => Line($".SH {RoffText.Quoted(title)}");

    private void Entry(string term, string text)
    {
        Line(".TP");
        Line(term);
        Text(text);
    }

    private void Text(string roff)
    {
        foreach (string line in RoffText.Lines(roff))
        {
            Line(line);
        }
    }

    private void Line(string line) => page.Append(line).Append('\n');
}
