using System.Runtime.InteropServices;
using System.Runtime.InteropServices.ComTypes;

namespace VpcComApi.TypeLibraryReader;

/// <summary>Writes the type of a parameter or field in C notation.</summary>
internal static class TypeText
{
    /// <summary>The text of a type description.</summary>
    public static string Of(ITypeInfo type, TYPEDESC description) => (VarEnum)description.vt switch
    {
        VarEnum.VT_PTR => Of(type, Marshal.PtrToStructure<TYPEDESC>(description.lpValue)) + "*",
        VarEnum.VT_USERDEFINED => TypeReader.NameOf(type.GetRefTypeInfo((int)description.lpValue)),
        VarEnum.VT_CARRAY => OfArray(type, description.lpValue),
        VarEnum.VT_BOOL => "VARIANT_BOOL",
        VarEnum.VT_BSTR => "BSTR",
        VarEnum.VT_DATE => "DATE",
        VarEnum.VT_DISPATCH => "IDispatch*",
        VarEnum.VT_HRESULT => "HRESULT",
        VarEnum.VT_I1 => "char",
        VarEnum.VT_I2 => "short",
        VarEnum.VT_I4 => "long",
        VarEnum.VT_INT => "int",
        VarEnum.VT_UI1 => "byte",
        VarEnum.VT_UI2 => "wchar_t",
        VarEnum.VT_UI4 => "unsigned long",
        VarEnum.VT_UINT => "unsigned int",
        VarEnum.VT_UNKNOWN => "IUnknown*",
        VarEnum.VT_VARIANT => "VARIANT",
        VarEnum.VT_VOID => "void",
        var other => other.ToString(),
    };

    /// <summary>The text of an ARRAYDESC: an element type, the number of dimensions, and length and lower bound of each.</summary>
    private static string OfArray(ITypeInfo type, nint address)
    {
        TYPEDESC element = Marshal.PtrToStructure<TYPEDESC>(address);
        short dimensions = Marshal.ReadInt16(address, Marshal.SizeOf<TYPEDESC>());
        if (dimensions != 1)
        {
            throw new NotSupportedException($"An array of {dimensions} dimensions is not expected in this library.");
        }

        int length = Marshal.ReadInt32(address, Marshal.SizeOf<TYPEDESC>() + sizeof(int));
        return $"{Of(type, element)}[{length}]";
    }
}
