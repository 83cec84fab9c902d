namespace VpcComApi.VirtualMachines;

/// <summary>What happens to undo drives on power-off. The numbers are those of the contract's VMUndoAction.</summary>
public enum UndoAction
{
    /// <summary>Throw the changes away.</summary>
    Discard = 0,

    /// <summary>Keep them for the next start.</summary>
    Keep = 1,

    /// <summary>Write them into the parents.</summary>
    Commit = 2,
}
