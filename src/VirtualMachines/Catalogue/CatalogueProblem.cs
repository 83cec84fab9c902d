namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>A registered machine that could not be read; the others are not hidden by it.</summary>
/// <param name="Name">The registered name.</param>
/// <param name="File">The full path of the file.</param>
/// <param name="Reason">What is wrong with it and what to do.</param>
public sealed record CatalogueProblem(string Name, string File, string Reason);
