namespace VpcComApi.TestSupport;

/// <summary>What a program that ended left behind.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output, with line ends as "\n".</param>
/// <param name="Error">Its standard error, with line ends as "\n".</param>
/// <param name="Duration">How long it ran.</param>
public sealed record ProgramResult(int ExitCode, string Output, string Error, TimeSpan Duration)
{
    /// <summary>The lines of standard output, without the empty one at the end.</summary>
    public IReadOnlyList<string> OutputLines => Output.TrimEnd('\n').Split('\n');

    /// <summary>All of it, for a failed assertion's message.</summary>
    public override string ToString() =>
        $"exit code {ExitCode} after {Duration.TotalSeconds:0.0} s\n--- output\n{Output}--- error\n{Error}";
}
