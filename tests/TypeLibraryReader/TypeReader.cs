using System.Runtime.InteropServices;
using System.Runtime.InteropServices.ComTypes;

namespace VpcComApi.TypeLibraryReader;

/// <summary>Reads one type.</summary>
internal static class TypeReader
{
    /// <summary>The member under which ITypeInfo describes itself (MEMBERID_NIL).</summary>
    private const int Itself = -1;

    /// <summary>The index under which a dual interface refers to its other view.</summary>
    private const int OtherView = -1;

    /// <summary>Reads a type with all its members.</summary>
    public static TypeDescription Read(ITypeInfo type)
    {
        (string? name, string? helpString) = Document(type, Itself);
        return WithAttributes(type, attributes => new TypeDescription(
            name,
            attributes.typekind.ToString()["TKIND_".Length..],
            attributes.guid,
            (int)attributes.wTypeFlags,
            attributes.cbSizeInstance,
            helpString,
            ReadFunctions(type, attributes.cFuncs),
            ReadVariables(type, attributes.cVars),
            ReadImplemented(type, attributes.cImplTypes),
            attributes.wTypeFlags.HasFlag(TYPEFLAGS.TYPEFLAG_FDUAL) ? ReadVtable(type) : null));
    }

    /// <summary>The name of a type.</summary>
    public static string NameOf(ITypeInfo type) => Document(type, Itself).Name;

    private static FunctionDescription[] ReadVtable(ITypeInfo type)
    {
        ITypeInfo vtable = type.GetRefTypeInfo(type.GetRefTypeOfImplType(OtherView));
        return WithAttributes(vtable, attributes => ReadFunctions(vtable, attributes.cFuncs));
    }

    private static FunctionDescription[] ReadFunctions(ITypeInfo type, int count) =>
        [.. Enumerable.Range(0, count).Select(index => ReadFunction(type, index))];

    private static FunctionDescription ReadFunction(ITypeInfo type, int index)
    {
        nint address = type.GetFuncDesc(index);
        try
        {
            FUNCDESC function = Marshal.PtrToStructure<FUNCDESC>(address);
            // Names are kept for each DISPID, not for each function: those of a property are its getter's, and the value to set has none.
            int named = function.invkind is INVOKEKIND.INVOKE_PROPERTYPUT or INVOKEKIND.INVOKE_PROPERTYPUTREF ? 0 : function.cParams;
            string[] names = ReadNames(type, function.memid, named + 1);
            return new FunctionDescription(
                names[0],
                function.memid,
                function.invkind.ToString()["INVOKE_".Length..],
                function.funckind.ToString()["FUNC_".Length..],
                function.oVft,
                function.wFuncFlags,
                function.cParamsOpt,
                TypeText.Of(type, function.elemdescFunc.tdesc),
                [
                    .. Enumerable.Range(0, function.cParams)
                        .Select(i => ReadParameter(type, function, i, names.ElementAtOrDefault(i + 1) ?? "")),
                ]);
        }
        finally
        {
            type.ReleaseFuncDesc(address);
        }
    }

    private static ParameterDescription ReadParameter(ITypeInfo type, FUNCDESC function, int index, string name)
    {
        ELEMDESC element = Marshal.PtrToStructure<ELEMDESC>(function.lprgelemdescParam + (index * Marshal.SizeOf<ELEMDESC>()));
        return new ParameterDescription(name, TypeText.Of(type, element.tdesc), (int)element.desc.paramdesc.wParamFlags);
    }

    private static string[] ReadNames(ITypeInfo type, int memberId, int capacity)
    {
        nint[] texts = new nint[capacity];
        type.GetNames(memberId, texts, capacity, out int count);
        string[] names = texts.Take(count).Select(Marshal.PtrToStringBSTR).ToArray();
        foreach (nint text in texts.Take(count))
        {
            Marshal.FreeBSTR(text);
        }

        return names;
    }

    private static VariableDescription[] ReadVariables(ITypeInfo type, int count) =>
        [.. Enumerable.Range(0, count).Select(index => ReadVariable(type, index))];

    private static VariableDescription ReadVariable(ITypeInfo type, int index)
    {
        nint address = type.GetVarDesc(index);
        try
        {
            VARDESC variable = Marshal.PtrToStructure<VARDESC>(address);
            string name = Document(type, variable.memid).Name;
            int value = variable.varkind == VARKIND.VAR_CONST ? ReadConstant(variable.desc.lpvarValue) : variable.desc.oInst;
            return new VariableDescription(name, TypeText.Of(type, variable.elemdescVar.tdesc), value);
        }
        finally
        {
            type.ReleaseVarDesc(address);
        }
    }

    /// <summary>The value of a VARIANT that holds a VT_I4 or VT_INT.</summary>
    private static int ReadConstant(nint variant)
    {
        const int PayloadOffset = 8;
        VarEnum type = (VarEnum)Marshal.ReadInt16(variant);
        return type is VarEnum.VT_I4 or VarEnum.VT_INT
            ? Marshal.ReadInt32(variant, PayloadOffset)
            : throw new NotSupportedException($"A constant of the type {type} is not expected in this library.");
    }

    private static ImplementedDescription[] ReadImplemented(ITypeInfo type, int count) =>
        [.. Enumerable.Range(0, count).Select(index => new ImplementedDescription(
            NameOf(type.GetRefTypeInfo(type.GetRefTypeOfImplType(index))),
            type.GetImplTypeFlags(index)))];

    private static (string Name, string HelpString) Document(ITypeInfo type, int memberId)
    {
        type.GetDocumentation(memberId, out string? name, out string? helpString, out _, out _);
        return (name, helpString ?? "");
    }

    private static T WithAttributes<T>(ITypeInfo type, Func<TYPEATTR, T> read)
    {
        nint address = type.GetTypeAttr();
        try
        {
            return read(Marshal.PtrToStructure<TYPEATTR>(address));
        }
        finally
        {
            type.ReleaseTypeAttr(address);
        }
    }
}
