using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using VpcComApi.Interop;

namespace VpcComApi.MarshallingProbe;

/// <summary>Arrays are converted to a VARIANT and back.</summary>
internal static class ArrayChecks
{
    public static void Run(Checks checks)
    {
        RoundTrip(checks, "bytes", new byte[] { 0, 1, 254, 255 }, VarEnum.VT_UI1);
        RoundTrip(checks, "no bytes", Array.Empty<byte>(), VarEnum.VT_UI1);
        RoundTrip(checks, "texts", new[] { "C:\\Machines", "", "\u00e9" }, VarEnum.VT_BSTR);
        RoundTrip(checks, "values", new object?[] { 1u, "text", null, DBNull.Value, true, 12.5m, (byte)7 }, VarEnum.VT_VARIANT);
        RoundTrip(
            checks, "arrays in an array", new object?[] { new byte[] { 1 }, new object?[] { "a", new[] { "b" } } }, VarEnum.VT_VARIANT);
        RoundTrip(checks, "the most elements", new byte[VariantMarshaller.MaximumArrayLength], VarEnum.VT_UI1);

        checks.IsRefused("one element too many", () => Read(new byte[VariantMarshaller.MaximumArrayLength + 1]));
        checks.IsRefused("arrays nested too deep", () => Read(Nest(VariantMarshaller.MaximumNesting + 1)));
        checks.IsRefused("an element that no VARIANT holds", () => Read(new object?[] { "freed with the array", new Version(1, 0) }));
        ReadByReference(checks);
        ReadUnderFalseType(checks);
    }

    private static void RoundTrip(Checks checks, string what, object value, VarEnum elementType)
    {
        ComVariant variant = VariantMarshaller.ConvertToUnmanaged(value);
        try
        {
            checks.AreEqual($"{what}: type", variant.VarType, VarEnum.VT_ARRAY | elementType);
            checks.AreEqual(what, VariantMarshaller.ConvertToManaged(variant), value);
        }
        finally
        {
            VariantMarshaller.Free(variant);
        }
    }

    private static unsafe void ReadByReference(Checks checks)
    {
        ComVariant variant = VariantMarshaller.ConvertToUnmanaged(new[] { "by", "reference" });
        try
        {
            nint array = variant.GetRawDataRef<nint>();
            ComVariant reference = ComVariant.CreateRaw(VarEnum.VT_BYREF | VarEnum.VT_ARRAY | VarEnum.VT_BSTR, (nint)(&array));
            checks.AreEqual("an array by reference", VariantMarshaller.ConvertToManaged(reference), new[] { "by", "reference" });
        }
        finally
        {
            VariantMarshaller.Free(variant);
        }
    }

    /// <summary>A caller declares bytes as VARIANTs, which are 24 times as large.</summary>
    private static void ReadUnderFalseType(Checks checks)
    {
        ComVariant variant = VariantMarshaller.ConvertToUnmanaged(new byte[8]);
        try
        {
            ComVariant mislabelled = ComVariant.CreateRaw(VarEnum.VT_ARRAY | VarEnum.VT_VARIANT, variant.GetRawDataRef<nint>());
            checks.IsRefused("bytes that are declared as VARIANTs", () => VariantMarshaller.ConvertToManaged(mislabelled));
        }
        finally
        {
            VariantMarshaller.Free(variant);
        }
    }

    private static void Read(object value)
    {
        ComVariant variant = VariantMarshaller.ConvertToUnmanaged(value);
        try
        {
            _ = VariantMarshaller.ConvertToManaged(variant);
        }
        finally
        {
            VariantMarshaller.Free(variant);
        }
    }

    private static object?[] Nest(int depth) => [depth == 1 ? 1 : Nest(depth - 1)];
}
