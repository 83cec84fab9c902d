namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>What the file of registrations holds.</summary>
/// <param name="Files">The registered .vmc files, as full paths, in the order of their registration.</param>
/// <param name="UnusableLines">
/// The lines that name no .vmc file. They are kept: what one program cannot use, another one or its user may.
/// </param>
/// <param name="Problems">What is wrong with those lines.</param>
internal sealed record RegistrationList(
    IReadOnlyList<string> Files, IReadOnlyList<string> UnusableLines, IReadOnlyList<CatalogueProblem> Problems)
{
    /// <summary>Nothing is registered.</summary>
    public static RegistrationList Empty { get; } = new([], [], []);
}
