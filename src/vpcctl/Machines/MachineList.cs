namespace VpcComApi.CommandLine.Machines;

/// <summary>The user's machines.</summary>
/// <param name="Machines">Those that can be used.</param>
/// <param name="Problems">Those that cannot be read.</param>
internal sealed record MachineList(MachineSummary[] Machines, MachineProblem[] Problems);
