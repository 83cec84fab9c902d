using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop;

/// <summary>Reports for which interfaces an object describes its errors with IErrorInfo.</summary>
[GeneratedComInterface(ExceptionToUnmanagedMarshaller = typeof(ComErrorMarshaller))]
[Guid("DF0B3D60-548F-101B-8E65-08002B2BD119")]
public partial interface ISupportErrorInfo
{
    /// <summary>Asks about one interface.</summary>
    /// <param name="interfaceId">The interface.</param>
    /// <returns>S_OK when its members set IErrorInfo, S_FALSE when not.</returns>
    [PreserveSig]
    int InterfaceSupportsErrorInfo(in Guid interfaceId);
}
