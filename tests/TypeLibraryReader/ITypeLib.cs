using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.TypeLibraryReader;

/// <summary>ITypeLib of OLE automation; addresses are left as numbers.</summary>
[GeneratedComInterface(StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(BStrStringMarshaller))]
[Guid("00020402-0000-0000-C000-000000000046")]
internal partial interface ITypeLib
{
    [PreserveSig]
    int GetTypeInfoCount();

    ITypeInfo GetTypeInfo(int index);

    int GetTypeInfoType(int index);

    ITypeInfo GetTypeInfoOfGuid(in Guid guid);

    nint GetLibAttr();

    nint GetTypeComp();

    void GetDocumentation(int index, out string name, out string? helpString, out int helpContext, out string? helpFile);

    int IsName(nint name, uint hash);

    void FindName(nint name, uint hash, nint typeInfos, nint memberIds, nint count);

    [PreserveSig]
    void ReleaseTLibAttr(nint attributes);
}
