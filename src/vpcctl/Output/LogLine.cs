namespace VpcComApi.CommandLine.Output;

/// <summary>An entry of the event log, as <c>vpcctl log --json</c> prints it.</summary>
/// <param name="Time">When, in UTC.</param>
/// <param name="Level">How grave: Trace, Debug, Information, Warning, Error or Critical.</param>
/// <param name="EventId">Which event.</param>
/// <param name="Program">The program that wrote it.</param>
/// <param name="Category">What it comes from.</param>
/// <param name="Text">What happened.</param>
internal sealed record LogLine(DateTimeOffset Time, string Level, int EventId, string Program, string Category, string Text);
