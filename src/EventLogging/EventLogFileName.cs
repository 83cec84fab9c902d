using System.Text.RegularExpressions;

namespace VpcComApi.EventLogging;

/// <summary>
/// The names of the files: program, <c>events</c>, and a number from the second file on. Only the number shows which file is newer; a date
/// would depend on the clock, which can jump. Files of older versions have a date in place of <c>events</c>, and are older.
/// </summary>
internal static partial class EventLogFileName
{
    /// <summary>The pattern that all files of all programs match.</summary>
    public const string SearchPattern = "*.log";

    /// <summary>The name to which the number is added.</summary>
    /// <exception cref="ArgumentException">The program's name is not usable in a file name.</exception>
    public static string Pattern(string program) => ProgramForm.IsMatch(program)
        ? program + "-events.log"
        : throw new ArgumentException(
            $"\"{program}\" is not usable as a program's name here: letters, digits and dots only.", nameof(program));

    /// <summary>Reads a file's name.</summary>
    /// <param name="fileName">The name, without its folder.</param>
    /// <param name="program">The program.</param>
    /// <param name="order">A key that sorts a program's files by age, the oldest first, when compared ordinally.</param>
    /// <returns>False when it is not one of our files.</returns>
    public static bool TryParse(string fileName, out string program, out string order)
    {
        Match match = FileForm.Match(fileName);
        program = match.Groups["program"].Value;
        // Letters are sorted after digits: a name without a date is newer than one with a date.
        order = match.Groups["period"].Value + match.Groups["number"].Value.PadLeft(10, '0');
        return match.Success;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9.]{1,64}\z")]
    private static partial Regex ProgramForm { get; }

    [GeneratedRegex(@"\A(?<program>[A-Za-z0-9.]{1,64})-(?<period>\d{8}|events)(_(?<number>\d{1,9}))?\.log\z")]
    private static partial Regex FileForm { get; }
}
