using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop;

/// <summary>Marshals an object as a VARIANT.</summary>
/// <remarks>
/// <para>
/// Both directions: null (VT_EMPTY), <see cref="DBNull"/> (VT_NULL), <see cref="Missing"/> (an argument left out), <see cref="bool"/>, all
/// integer types, <see cref="float"/>, <see cref="double"/>, <see cref="decimal"/> (VT_DECIMAL), <see cref="DateTime"/> (VT_DATE),
/// <see cref="string"/>, COM objects (VT_DISPATCH, or VT_UNKNOWN for an object without IDispatch), and one-dimensional arrays:
/// byte[] (VT_UI1), string[] (VT_BSTR) and object[] (VT_VARIANT, the only one that VBScript can index).
/// </para>
/// <para>
/// To a VARIANT only: an enumeration as VT_I4. From a VARIANT only: VT_CY as decimal, VT_INT and VT_UINT, arrays of other simple types as
/// object[], and every type by reference. Anything else is refused with E_INVALIDARG. Arrays exist on Windows alone.
/// </para>
/// </remarks>
[CustomMarshaller(typeof(object), MarshalMode.Default, typeof(VariantMarshaller))]
public static unsafe class VariantMarshaller
{
    /// <summary>The most elements that an array from a caller may have.</summary>
    public const int MaximumArrayLength = 1 << 20;

    /// <summary>The deepest nesting of arrays from a caller.</summary>
    public const int MaximumNesting = 4;

    /// <summary>DISP_E_PARAMNOTFOUND: how automation says that an argument was left out.</summary>
    private const int ArgumentLeftOut = unchecked((int)0x80020004);

    /// <summary>A CY counts ten-thousandths.</summary>
    private const decimal CurrencyScale = 10_000m;

    private const VarEnum TypeMask = (VarEnum)0x0FFF;

    /// <summary>Creates a VARIANT that owns its content; <see cref="Free"/> releases it.</summary>
    /// <exception cref="ArgumentException">No VARIANT can hold the object.</exception>
    public static ComVariant ConvertToUnmanaged(object? managed) => managed switch
    {
        null => default,
        DBNull => ComVariant.Null,
        Missing => ComVariant.CreateRaw(VarEnum.VT_ERROR, ArgumentLeftOut),
        bool value => ComVariant.Create(value),
        sbyte value => ComVariant.CreateRaw(VarEnum.VT_I1, value),
        byte value => ComVariant.CreateRaw(VarEnum.VT_UI1, value),
        short value => ComVariant.CreateRaw(VarEnum.VT_I2, value),
        ushort value => ComVariant.CreateRaw(VarEnum.VT_UI2, value),
        int value => ComVariant.CreateRaw(VarEnum.VT_I4, value),
        uint value => ComVariant.CreateRaw(VarEnum.VT_UI4, value),
        long value => ComVariant.CreateRaw(VarEnum.VT_I8, value),
        ulong value => ComVariant.CreateRaw(VarEnum.VT_UI8, value),
        float value => ComVariant.CreateRaw(VarEnum.VT_R4, value),
        double value => ComVariant.CreateRaw(VarEnum.VT_R8, value),
        decimal value => ComVariant.Create(value),
        DateTime value => ComVariant.CreateRaw(VarEnum.VT_DATE, value.ToOADate()),
        string value => ComVariant.CreateRaw(VarEnum.VT_BSTR, Marshal.StringToBSTR(value)),
        Enum value => ComVariant.CreateRaw(VarEnum.VT_I4, Convert.ToInt32(value, null)),
        byte[] value => ComVariant.CreateRaw(VarEnum.VT_ARRAY | VarEnum.VT_UI1, SafeArray.Create(value)),
        string?[] value => ComVariant.CreateRaw(VarEnum.VT_ARRAY | VarEnum.VT_BSTR, SafeArray.Create(value)),
        object?[] value => ComVariant.CreateRaw(VarEnum.VT_ARRAY | VarEnum.VT_VARIANT, SafeArray.Create(value)),
        _ => FromComObject(managed),
    };

    /// <summary>Reads a VARIANT, which stays its owner's.</summary>
    /// <exception cref="ArgumentException">The VARIANT has a type that is not supported, or exceeds the limits.</exception>
    public static object? ConvertToManaged(ComVariant unmanaged) => Read(&unmanaged, nesting: 0);

    /// <summary>Frees what a VARIANT owns.</summary>
    public static void Free(ComVariant unmanaged)
    {
        if (OperatingSystem.IsWindows())
        {
            // ComVariant.Dispose calls PropVariantClear, which does not support every type of automation.
            _ = OleAutomation.VariantClear(&unmanaged);
        }
        else
        {
            unmanaged.Dispose();
        }
    }

    /// <summary>Reads a VARIANT in place.</summary>
    /// <param name="variant">The VARIANT.</param>
    /// <param name="nesting">The number of arrays that contain it.</param>
    internal static object? Read(ComVariant* variant, int nesting)
    {
        VarEnum type = variant->VarType;
        void* payload = type == VarEnum.VT_DECIMAL ? variant : (void*)Unsafe.AsPointer(ref variant->GetRawDataRef<long>());
        if (!type.HasFlag(VarEnum.VT_BYREF))
        {
            return Read(type, payload, nesting);
        }

        void* target = *(void**)payload;
        if (target is null)
        {
            throw Refuse($"{type}, which refers to nothing");
        }

        type &= ~VarEnum.VT_BYREF;
        if (type != VarEnum.VT_VARIANT)
        {
            return Read(type, target, nesting);
        }

        // Automation allows one reference to a VARIANT and no chain of them.
        ComVariant* inner = (ComVariant*)target;
        return inner->VarType.HasFlag(VarEnum.VT_BYREF) ? throw Refuse("a reference to a reference") : Read(inner, nesting);
    }

    /// <summary>Reads a value of a known type.</summary>
    /// <param name="type">The type, without VT_BYREF.</param>
    /// <param name="payload">The address of the value.</param>
    /// <param name="nesting">The number of arrays that contain it.</param>
    internal static object? Read(VarEnum type, void* payload, int nesting) => type switch
    {
        VarEnum.VT_EMPTY => null,
        VarEnum.VT_NULL => DBNull.Value,
        VarEnum.VT_ERROR when *(int*)payload == ArgumentLeftOut => Missing.Value,
        VarEnum.VT_BOOL => *(short*)payload != 0,
        VarEnum.VT_I1 => *(sbyte*)payload,
        VarEnum.VT_UI1 => *(byte*)payload,
        VarEnum.VT_I2 => *(short*)payload,
        VarEnum.VT_UI2 => *(ushort*)payload,
        VarEnum.VT_I4 or VarEnum.VT_INT => *(int*)payload,
        VarEnum.VT_UI4 or VarEnum.VT_UINT => *(uint*)payload,
        VarEnum.VT_I8 => *(long*)payload,
        VarEnum.VT_UI8 => *(ulong*)payload,
        VarEnum.VT_R4 => *(float*)payload,
        VarEnum.VT_R8 => *(double*)payload,
        VarEnum.VT_CY => *(long*)payload / CurrencyScale,
        VarEnum.VT_DECIMAL => ReadDecimal((byte*)payload),
        VarEnum.VT_DATE => DateTime.FromOADate(*(double*)payload),
        VarEnum.VT_BSTR => ReadText(*(nint*)payload),
        VarEnum.VT_UNKNOWN or VarEnum.VT_DISPATCH => ComInterfaceMarshaller<object>.ConvertToManaged(*(void**)payload),
        VarEnum.VT_VARIANT => Read((ComVariant*)payload, nesting),
        _ when type.HasFlag(VarEnum.VT_ARRAY) => SafeArray.Read(*(nint*)payload, type & TypeMask, nesting + 1),
        _ => throw Refuse($"{type}"),
    };

    /// <summary>An absent BSTR is an empty text in automation.</summary>
    internal static string ReadText(nint text) => text == 0 ? "" : Marshal.PtrToStringBSTR(text);

    /// <summary>Creates the exception for an unsupported VARIANT.</summary>
    internal static ArgumentException Refuse(string content) =>
        new($"The VARIANT holds {content}. Pass a simple value, a text, an object or a one-dimensional array of these.");

    private static decimal ReadDecimal(byte* value)
    {
        // DECIMAL: 2 bytes reserved (the VARIANT's type), scale, sign, high 32 bits, low 64 bits.
        const byte Negative = 0x80;
        (byte scale, byte sign) = (value[2], value[3]);
        return new decimal(*(int*)(value + 8), *(int*)(value + 12), *(int*)(value + 4), (sign & Negative) != 0, scale);
    }

    private static ComVariant FromComObject(object managed)
    {
        bool isComObject = managed is ComObject
            || Attribute.IsDefined(managed.GetType(), typeof(GeneratedComClassAttribute), inherit: false);
        if (!isComObject)
        {
            throw new ArgumentException($"A VARIANT cannot hold a {managed.GetType()}.", nameof(managed));
        }

        nint unknown = (nint)ComInterfaceMarshaller<object>.ConvertToUnmanaged(managed);
        if (Marshal.QueryInterface(unknown, typeof(IDispatch).GUID, out nint dispatch) < 0)
        {
            return ComVariant.CreateRaw(VarEnum.VT_UNKNOWN, unknown);
        }

        Marshal.Release(unknown);
        return ComVariant.CreateRaw(VarEnum.VT_DISPATCH, dispatch);
    }
}
