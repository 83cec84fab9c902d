using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Machines;

/// <summary>How far an operation is.</summary>
/// <param name="Operation">The operation's number in its host.</param>
/// <param name="Description">What is being done, on what.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="IsComplete">Whether it has ended, in whatever way.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="ErrorText">Why it failed, in words, or null.</param>
internal sealed record OperationProgress(
    int Operation, string Description, int Percent, bool IsComplete, VirtualMachineError? Error, string? ErrorText);
