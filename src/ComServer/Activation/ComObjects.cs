using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.ComServer.Activation;

/// <summary>Between managed objects and the references that COM holds on them.</summary>
internal static unsafe class ComObjects
{
    /// <summary>Asks a managed object for an interface, as a client would.</summary>
    /// <param name="served">The object.</param>
    /// <param name="interfaceId">The interface.</param>
    /// <param name="reference">Receives a counted reference, or zero.</param>
    /// <returns>S_OK or E_NOINTERFACE.</returns>
    public static int QueryInterface(object served, in Guid interfaceId, out nint reference)
    {
        nint unknown = GetUnknown(served);
        try
        {
            return Marshal.QueryInterface(unknown, interfaceId, out reference);
        }
        finally
        {
            Marshal.Release(unknown);
        }
    }

    /// <summary>The object's IUnknown, which is its identity: the same for the same object. The reference is counted.</summary>
    public static nint GetUnknown(object served) => (nint)ComInterfaceMarshaller<object>.ConvertToUnmanaged(served);

    /// <summary>Cuts an object off from the clients that hold it.</summary>
    public static void Disconnect(object served)
    {
        nint unknown = GetUnknown(served);
        try
        {
            _ = ComRuntime.CoDisconnectObject(unknown, 0);
        }
        finally
        {
            Marshal.Release(unknown);
        }
    }
}
