namespace VpcComApi.CommandLine;

/// <summary>A command cannot be done.</summary>
/// <param name="exitCode">What the program answers.</param>
/// <param name="message">What failed, on what, and what to do.</param>
/// <param name="innerException">The cause, when there is one.</param>
internal sealed class CommandException(ExitCode exitCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What the program answers.</summary>
    public ExitCode ExitCode { get; } = exitCode;
}
