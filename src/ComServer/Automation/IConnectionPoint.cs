using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.ComServer.Automation;

/// <summary>IConnectionPoint of COM: where sinks for one event interface attach.</summary>
[GeneratedComInterface(ExceptionToUnmanagedMarshaller = typeof(Interop.ComErrorMarshaller))]
[Guid("B196B286-BAB4-101A-B69C-00AA00341D07")]
internal partial interface IConnectionPoint
{
    /// <summary>The event interface.</summary>
    Guid GetConnectionInterface();

    /// <summary>The object that fires.</summary>
    IConnectionPointContainer GetConnectionPointContainer();

    /// <summary>Attaches a sink.</summary>
    /// <param name="sink">The sink's IUnknown; the caller's reference.</param>
    /// <param name="cookie">Receives the number to detach it by.</param>
    /// <returns>S_OK, CONNECT_E_CANNOTCONNECT or CONNECT_E_ADVISELIMIT.</returns>
    [PreserveSig]
    int Advise(nint sink, out uint cookie);

    /// <summary>Detaches a sink.</summary>
    /// <param name="cookie">The number that <see cref="Advise"/> gave.</param>
    /// <returns>S_OK or CONNECT_E_NOCONNECTION.</returns>
    [PreserveSig]
    int Unadvise(uint cookie);

    /// <summary>Lists the sinks.</summary>
    IEnumConnections EnumConnections();
}
