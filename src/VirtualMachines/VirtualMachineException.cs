namespace VpcComApi.VirtualMachines;

/// <summary>The domain's one exception: a typed refusal with a text for a person.</summary>
/// <param name="error">Why.</param>
/// <param name="message">What failed, on what, and what to do.</param>
/// <param name="innerException">The cause, when there is one.</param>
public sealed class VirtualMachineException(VirtualMachineError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Why the domain refused or failed.</summary>
    public VirtualMachineError Error { get; } = error;
}
