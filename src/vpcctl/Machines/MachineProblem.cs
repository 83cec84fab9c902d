namespace VpcComApi.CommandLine.Machines;

/// <summary>A registered machine that cannot be read.</summary>
/// <param name="Name">The registered name.</param>
/// <param name="File">The full path of its file.</param>
/// <param name="Reason">What is wrong with it and what to do.</param>
internal sealed record MachineProblem(string Name, string File, string Reason);
