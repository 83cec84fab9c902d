namespace VpcComApi.VirtualMachines;

/// <summary>
/// What happens to a running machine when the application ends. The numbers are those of the contract's VMShutdownAction.
/// </summary>
public enum ShutdownAction
{
    /// <summary>Save the guest's state.</summary>
    Save = 0,

    /// <summary>Power off.</summary>
    TurnOff = 1,

    /// <summary>Shut the guest down when its components are there, else save.</summary>
    Shutdown = 2,
}
