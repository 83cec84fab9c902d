using StreamJsonRpc;
using StreamJsonRpc.Protocol;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Machines;

/// <summary>
/// Refusals on the wire. A JSON-RPC error's code carries the <see cref="VirtualMachineError"/>, counted down from a base outside the range
/// that the protocol reserves (-32768 to -32000); its message is the text for the person.
/// </summary>
internal static class RemoteErrors
{
    private const int Base = -40_000;

    /// <summary>What the host sends for an exception.</summary>
    public static JsonRpcError.ErrorDetail ToDetail(Exception exception)
    {
        (VirtualMachineError error, string text) = exception is VirtualMachineException refusal
            ? (refusal.Error, CommandRemedies.TextOf(refusal))
            : (VirtualMachineError.Unexpected, exception.Message);
        return new JsonRpcError.ErrorDetail { Code = (JsonRpcErrorCode)(Base - (int)error), Message = text };
    }

    /// <summary>What the client makes of it.</summary>
    public static VirtualMachineException ToException(RemoteInvocationException exception)
    {
        VirtualMachineError error = (VirtualMachineError)(Base - exception.ErrorCode);
        return new VirtualMachineException(
            Enum.IsDefined(error) ? error : VirtualMachineError.Unexpected, exception.Message, exception);
    }
}
