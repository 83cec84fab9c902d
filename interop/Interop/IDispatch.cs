using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop;

/// <summary>IDispatch of OLE automation: calls by name and number, as scripts make them.</summary>
/// <remarks>
/// The parameters are raw addresses: only the system's automation functions read and write what they point to, and pointer types in a
/// base interface do not compile in the interfaces that inherit it (CS0214).
/// </remarks>
[GeneratedComInterface(
    StringMarshalling = StringMarshalling.Custom,
    StringMarshallingCustomType = typeof(BStrStringMarshaller),
    ExceptionToUnmanagedMarshaller = typeof(ComErrorMarshaller))]
[Guid("00020400-0000-0000-C000-000000000046")]
public partial interface IDispatch
{
    /// <summary>Says whether type information is available.</summary>
    /// <param name="typeInfoCount">Address of a UINT that receives 0 or 1.</param>
    /// <returns>The HRESULT.</returns>
    [PreserveSig]
    int GetTypeInfoCount(nint typeInfoCount);

    /// <summary>Gives the type information of the object.</summary>
    /// <param name="index">0.</param>
    /// <param name="localeId">The caller's locale.</param>
    /// <param name="typeInfo">Address of an ITypeInfo pointer that receives the reference.</param>
    /// <returns>The HRESULT.</returns>
    [PreserveSig]
    int GetTypeInfo(uint index, uint localeId, nint typeInfo);

    /// <summary>Turns the name of a member, and of its parameters, into numbers.</summary>
    /// <param name="reserved">Address of IID_NULL.</param>
    /// <param name="names">Address of an array of LPOLESTR.</param>
    /// <param name="nameCount">Number of names.</param>
    /// <param name="localeId">The caller's locale.</param>
    /// <param name="dispIds">Address of an array of DISPID that receives the numbers.</param>
    /// <returns>The HRESULT.</returns>
    [PreserveSig]
    int GetIDsOfNames(nint reserved, nint names, uint nameCount, uint localeId, nint dispIds);

    /// <summary>Calls a member by number.</summary>
    /// <param name="dispId">The number.</param>
    /// <param name="reserved">Address of IID_NULL.</param>
    /// <param name="localeId">The caller's locale.</param>
    /// <param name="flags">DISPATCH_METHOD, DISPATCH_PROPERTYGET, DISPATCH_PROPERTYPUT, DISPATCH_PROPERTYPUTREF.</param>
    /// <param name="parameters">Address of the DISPPARAMS.</param>
    /// <param name="result">Address of the VARIANT for the result, or zero.</param>
    /// <param name="exceptionInfo">Address of the EXCEPINFO, or zero.</param>
    /// <param name="argumentError">Address of a UINT that receives the index of a bad argument, or zero.</param>
    /// <returns>The HRESULT.</returns>
    [PreserveSig]
    int Invoke(
        int dispId,
        nint reserved,
        uint localeId,
        ushort flags,
        nint parameters,
        nint result,
        nint exceptionInfo,
        nint argumentError);
}
