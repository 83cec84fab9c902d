using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using VpcComApi.ComServer.Activation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>
/// Says what a COM client learns of an exception. What nobody foresaw is DISP_E_EXCEPTION, and is logged with all that is known of it.
/// </summary>
/// <param name="logger">Where messages go.</param>
internal sealed partial class ErrorTranslator(ILogger<ErrorTranslator> logger)
{
    /// <summary>Translates an exception that leaves a served member.</summary>
    public ComError Translate(Exception exception)
    {
        switch (exception)
        {
            case VirtualMachineException refusal:
                if (refusal.Error == VirtualMachineError.Unexpected)
                {
                    LogUnexpected(exception);
                }

                return new ComError(ErrorTable.HResultOf(refusal.Error), ErrorTexts.Of(refusal));
            case MemberNotImplementedException or ComFailureException or COMException:
                return ComErrorMarshaller.TranslateByHResult(exception);
            case ArgumentException:
                // From the marshalling of an argument: a VARIANT of a type that nothing here takes.
                return new ComError(HResults.E_INVALIDARG, exception.Message);
            case OperationCanceledException:
                return new ComError(HResults.VM_E_APP_SHUTTING_DOWN, "The call was given up because the Virtual PC process is ending.");
            case OutOfMemoryException:
                return new ComError(ErrorTable.OutOfMemory, "The Virtual PC process is out of memory.");
            default:
                LogUnexpected(exception);
                return new ComError(
                    HResults.DISP_E_EXCEPTION,
                    $"Unexpected error in the Virtual PC process: {exception.Message} The event log has the details.");
        }
    }

    [LoggerMessage(5002, LogLevel.Error, "A call failed in a way that nobody foresaw.")]
    private partial void LogUnexpected(Exception exception);
}
