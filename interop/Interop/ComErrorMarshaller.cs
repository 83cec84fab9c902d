using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop;

/// <summary>
/// Converts an exception that a served member has thrown to the HRESULT of the call, and sets its text as IErrorInfo of the thread.
/// </summary>
[CustomMarshaller(typeof(Exception), MarshalMode.UnmanagedToManagedOut, typeof(ComErrorMarshaller))]
public static class ComErrorMarshaller
{
    private const int Fail = unchecked((int)0x80004005);

    private static Func<Exception, ComError> translate = TranslateByHResult;

    /// <summary>
    /// Translates an exception to the information for the caller. A server sets it before it serves its first object;
    /// by default it is the exception's own HRESULT and message.
    /// </summary>
    public static Func<Exception, ComError> Translate
    {
        get => Volatile.Read(ref translate);
        set => Volatile.Write(ref translate, value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>Reports the exception and returns the HRESULT.</summary>
    /// <param name="managed">The exception.</param>
    /// <returns>A failure code, whatever the translation returns: an exception must not result in S_OK.</returns>
    public static int ConvertToUnmanaged(Exception managed)
    {
        ComError error = TranslateSafely(managed);
        ErrorInfo.Set(error.Description);
        return error.HResult < 0 ? error.HResult : Fail;
    }

    /// <summary>The default translation.</summary>
    public static ComError TranslateByHResult(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new ComError(exception.HResult, exception.Message);
    }

    private static ComError TranslateSafely(Exception exception)
    {
        try
        {
            return Translate(exception);
        }
#pragma warning disable CA1031 // An exception that leaves this method would end the process: the caller is native code.
        catch (Exception)
#pragma warning restore CA1031
        {
            return TranslateByHResult(exception);
        }
    }
}
