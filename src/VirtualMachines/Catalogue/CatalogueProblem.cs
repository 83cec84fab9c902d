namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>A registered machine that could not be read; the others are not hidden by it.</summary>
/// <param name="Name">The registered name.</param>
/// <param name="File">The full path of the file.</param>
/// <param name="Reason">What is wrong with it and what to do.</param>
public sealed record CatalogueProblem(string Name, string File, string Reason)
{
    /// <summary>Why, as a value that a program can test.</summary>
    public VirtualMachineError Error { get; init; } = VirtualMachineError.IllegalValue;

    /// <summary>
    /// What can be done about it: correct the values in the file, or forget a machine whose file cannot be read. Null for a line that names
    /// no machine.
    /// </summary>
    public Remedy? Remedy { get; init; }

    /// <summary>The refusal of what needs the machine as it is.</summary>
    public VirtualMachineException ToRefusal() =>
        new(Error, $"The machine '{Name}' cannot be used. {Reason}") { Remedy = Remedy };
}
