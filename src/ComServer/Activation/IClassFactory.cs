using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Activation;

/// <summary>IClassFactory of COM.</summary>
[GeneratedComInterface(ExceptionToUnmanagedMarshaller = typeof(ComErrorMarshaller))]
[Guid("00000001-0000-0000-C000-000000000046")]
internal partial interface IClassFactory
{
    /// <summary>Gives a client an object.</summary>
    /// <param name="outer">The object to aggregate with, or zero.</param>
    /// <param name="interfaceId">The interface that the client wants.</param>
    /// <param name="instance">Receives the reference.</param>
    /// <returns>The HRESULT.</returns>
    [PreserveSig]
    int CreateInstance(nint outer, in Guid interfaceId, out nint instance);

    /// <summary>Keeps the server running, or no longer.</summary>
    /// <param name="isLocked">A BOOL.</param>
    /// <returns>The HRESULT.</returns>
    [PreserveSig]
    int LockServer(int isLocked);
}
