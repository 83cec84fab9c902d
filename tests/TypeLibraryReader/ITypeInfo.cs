using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.TypeLibraryReader;

/// <summary>ITypeInfo of OLE automation; addresses are left as numbers.</summary>
[GeneratedComInterface(StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(BStrStringMarshaller))]
[Guid("00020401-0000-0000-C000-000000000046")]
internal partial interface ITypeInfo
{
    nint GetTypeAttr();

    nint GetTypeComp();

    nint GetFuncDesc(int index);

    nint GetVarDesc(int index);

    void GetNames(
        int memberId,
        [MarshalUsing(CountElementName = nameof(capacity)), Out] nint[] names,
        int capacity,
        out int count);

    int GetRefTypeOfImplType(int index);

    int GetImplTypeFlags(int index);

    void GetIDsOfNames(nint names, int count, nint memberIds);

    void Invoke(nint instance, int memberId, ushort flags, nint parameters, nint result, nint exceptionInfo, nint argumentError);

    void GetDocumentation(int memberId, out string name, out string? helpString, out int helpContext, out string? helpFile);

    void GetDllEntry(int memberId, int invokeKind, nint dllName, nint name, nint ordinal);

    ITypeInfo GetRefTypeInfo(int reference);

    nint AddressOfMember(int memberId, int invokeKind);

    nint CreateInstance(nint outer, in Guid interfaceId);

    string? GetMops(int memberId);

    ITypeLib GetContainingTypeLib(out int index);

    [PreserveSig]
    void ReleaseTypeAttr(nint attributes);

    [PreserveSig]
    void ReleaseFuncDesc(nint description);

    [PreserveSig]
    void ReleaseVarDesc(nint description);
}
