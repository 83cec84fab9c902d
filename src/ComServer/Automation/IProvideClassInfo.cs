using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.ComServer.Automation;

/// <summary>IProvideClassInfo of OLE automation: which class an object is of.</summary>
[GeneratedComInterface]
[Guid("B196B283-BAB4-101A-B69C-00AA00341D07")]
internal partial interface IProvideClassInfo
{
    /// <summary>Gives the class's ITypeInfo.</summary>
    /// <param name="typeInfo">Receives the reference.</param>
    /// <returns>The HRESULT.</returns>
    [PreserveSig]
    int GetClassInfo(out nint typeInfo);
}
