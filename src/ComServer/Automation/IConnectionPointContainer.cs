using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.ComServer.Automation;

/// <summary>IConnectionPointContainer of COM: an object that fires events.</summary>
[GeneratedComInterface(ExceptionToUnmanagedMarshaller = typeof(Interop.ComErrorMarshaller))]
[Guid("B196B284-BAB4-101A-B69C-00AA00341D07")]
internal partial interface IConnectionPointContainer
{
    /// <summary>Lists the connection points.</summary>
    IEnumConnectionPoints EnumConnectionPoints();

    /// <summary>Finds the connection point for an event interface.</summary>
    /// <param name="interfaceId">The event interface.</param>
    /// <param name="point">Receives the connection point, or null.</param>
    /// <returns>S_OK or CONNECT_E_NOCONNECTION.</returns>
    [PreserveSig]
    int FindConnectionPoint(in Guid interfaceId, out IConnectionPoint? point);
}
