namespace VpcComApi.VirtualMachines;

/// <summary>The domain's one exception: a typed refusal with a text for a person.</summary>
/// <param name="error">Why.</param>
/// <param name="message">What failed, on what, and what to do, in words that fit every front end.</param>
/// <param name="innerException">The cause, when there is one.</param>
public sealed class VirtualMachineException(VirtualMachineError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Why the domain refused or failed.</summary>
    public VirtualMachineError Error { get; } = error;

    /// <summary>
    /// What can be done, for a front end to say how; that of the cause unless it has one of its own. Null when the message says all.
    /// </summary>
    public Remedy? Remedy { get => field ?? (InnerException as VirtualMachineException)?.Remedy; set; }
}
