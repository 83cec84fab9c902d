using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop;

/// <summary>One-dimensional arrays of OLE automation.</summary>
internal static unsafe class SafeArray
{
    /// <summary>Makes an array of VT_UI1.</summary>
    public static nint Create(byte[] elements) =>
        Create(VarEnum.VT_UI1, elements.Length, data => elements.CopyTo(new Span<byte>((void*)data, elements.Length)));

    /// <summary>Makes an array of VT_BSTR.</summary>
    public static nint Create(string?[] elements) => Create(VarEnum.VT_BSTR, elements.Length, data =>
    {
        for (int i = 0; i < elements.Length; i++)
        {
            ((nint*)data)[i] = Marshal.StringToBSTR(elements[i]);
        }
    });

    /// <summary>Makes an array of VT_VARIANT.</summary>
    public static nint Create(object?[] elements) => Create(VarEnum.VT_VARIANT, elements.Length, data =>
    {
        for (int i = 0; i < elements.Length; i++)
        {
            ((ComVariant*)data)[i] = VariantMarshaller.ConvertToUnmanaged(elements[i]);
        }
    });

    /// <summary>Reads an array, which stays its owner's.</summary>
    /// <param name="array">The SAFEARRAY.</param>
    /// <param name="elementType">The type of its elements.</param>
    /// <param name="nesting">The number of arrays that contain its elements.</param>
    /// <returns>byte[], string[] or object[].</returns>
    /// <exception cref="ArgumentException">
    /// The array has more dimensions, elements or nesting than is supported, or elements of another type.
    /// </exception>
    public static object Read(nint array, VarEnum elementType, int nesting)
    {
        ThrowWithoutAutomation();
        if (nesting > VariantMarshaller.MaximumNesting)
        {
            throw VariantMarshaller.Refuse($"arrays nested more than {VariantMarshaller.MaximumNesting} deep");
        }

        if (array == 0 || OleAutomation.SafeArrayGetDim(array) != 1)
        {
            throw VariantMarshaller.Refuse("an array that does not have one dimension");
        }

        // The VARIANT and the array both contain the type of the elements. If they differ, reading elements of the wrong type could exceed
        // the array.
        if (OleAutomation.SafeArrayGetVartype(array, out ushort ownType) < 0 || (VarEnum)ownType != elementType)
        {
            throw VariantMarshaller.Refuse($"an array that does not hold {elementType} although it says so");
        }

        int length = GetLength(array);
        Check(OleAutomation.SafeArrayAccessData(array, out byte* data));
        try
        {
            return elementType switch
            {
                VarEnum.VT_UI1 => new ReadOnlySpan<byte>(data, length).ToArray(),
                VarEnum.VT_BSTR => ReadTexts((nint*)data, length),
                _ => ReadObjects(data, (int)OleAutomation.SafeArrayGetElemsize(array), length, elementType, nesting),
            };
        }
        finally
        {
            _ = OleAutomation.SafeArrayUnaccessData(array);
        }
    }

    private static nint Create(VarEnum elementType, int length, Action<nint> fill)
    {
        ThrowWithoutAutomation();
        nint array = OleAutomation.SafeArrayCreateVector((ushort)elementType, 0, (uint)length);
        if (array == 0)
        {
            throw new InsufficientMemoryException($"No memory for an array of {length} elements.");
        }

        try
        {
            Check(OleAutomation.SafeArrayAccessData(array, out byte* data));
            try
            {
                fill((nint)data);
            }
            finally
            {
                _ = OleAutomation.SafeArrayUnaccessData(array);
            }
        }
        catch
        {
            // The array is created empty, so elements that were set before the failure are freed with it.
            _ = OleAutomation.SafeArrayDestroy(array);
            throw;
        }

        return array;
    }

    private static int GetLength(nint array)
    {
        Check(OleAutomation.SafeArrayGetLBound(array, 1, out int lower));
        Check(OleAutomation.SafeArrayGetUBound(array, 1, out int upper));
        long length = (long)upper - lower + 1;
        return length is >= 0 and <= VariantMarshaller.MaximumArrayLength
            ? (int)length
            : throw VariantMarshaller.Refuse($"an array of {length} elements; the limit is {VariantMarshaller.MaximumArrayLength}");
    }

    private static string[] ReadTexts(nint* data, int length)
    {
        string[] texts = new string[length];
        for (int i = 0; i < length; i++)
        {
            texts[i] = VariantMarshaller.ReadText(data[i]);
        }

        return texts;
    }

    private static object?[] ReadObjects(byte* data, int elementSize, int length, VarEnum elementType, int nesting)
    {
        object?[] objects = new object?[length];
        for (int i = 0; i < length; i++)
        {
            objects[i] = VariantMarshaller.Read(elementType, data + (elementSize * (nint)i), nesting);
        }

        return objects;
    }

    private static void Check(int hresult) => Marshal.ThrowExceptionForHR(hresult);

    private static void ThrowWithoutAutomation()
    {
        if (!OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Arrays in a VARIANT need OLE automation, which only Windows has.");
        }
    }
}
