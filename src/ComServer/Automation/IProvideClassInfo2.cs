using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.ComServer.Automation;

/// <summary>IProvideClassInfo2 of OLE automation: which events an object fires. Script engines attach sinks by it.</summary>
[GeneratedComInterface]
[Guid("A6BC3AC0-DBAA-11CE-9DE3-00AA004BB851")]
internal partial interface IProvideClassInfo2 : IProvideClassInfo
{
    /// <summary>Gives the identifier of an interface of the class.</summary>
    /// <param name="kind">GUIDKIND_DEFAULT_SOURCE_DISP_IID.</param>
    /// <param name="identifier">Receives the IID.</param>
    /// <returns>The HRESULT.</returns>
    [PreserveSig]
    int GetGUID(uint kind, out Guid identifier);
}
