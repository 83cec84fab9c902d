using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop.Tests.Calls;

/// <summary>What a VARIANT carries on every platform; arrays need OLE automation, which only Windows and Wine have.</summary>
[TestFixture]
public sealed unsafe class VariantMarshallerTests
{
    private static IEnumerable Values =>
        new[]
        {
            new TestCaseData(null, VarEnum.VT_EMPTY),
            new TestCaseData(DBNull.Value, VarEnum.VT_NULL),
            new TestCaseData(true, VarEnum.VT_BOOL),
            new TestCaseData(false, VarEnum.VT_BOOL),
            new TestCaseData(sbyte.MinValue, VarEnum.VT_I1),
            new TestCaseData(byte.MaxValue, VarEnum.VT_UI1),
            new TestCaseData(short.MinValue, VarEnum.VT_I2),
            new TestCaseData(ushort.MaxValue, VarEnum.VT_UI2),
            new TestCaseData(int.MinValue, VarEnum.VT_I4),
            new TestCaseData(uint.MaxValue, VarEnum.VT_UI4),
            new TestCaseData(long.MinValue, VarEnum.VT_I8),
            new TestCaseData(ulong.MaxValue, VarEnum.VT_UI8),
            new TestCaseData(1.5f, VarEnum.VT_R4),
            new TestCaseData(-2.25, VarEnum.VT_R8),
            new TestCaseData(decimal.MaxValue, VarEnum.VT_DECIMAL),
            new TestCaseData(-0.0000000000000000000000000001m, VarEnum.VT_DECIMAL),
            new TestCaseData(new DateTime(2009, 10, 22, 12, 30, 0, DateTimeKind.Unspecified), VarEnum.VT_DATE),
            new TestCaseData("", VarEnum.VT_BSTR),
            new TestCaseData("Windows XP Mode \u00e9\0\ud83d\ude00", VarEnum.VT_BSTR),
        };

    [TestCaseSource(nameof(Values))]
    public void A_value_comes_back_as_it_went_in(object? value, VarEnum expectedType)
    {
        ComVariant variant = VariantMarshaller.ConvertToUnmanaged(value);
        try
        {
            Assert.That(variant.VarType, Is.EqualTo(expectedType));
            object? result = VariantMarshaller.ConvertToManaged(variant);
            Assert.That(result, Is.EqualTo(value));
            Assert.That(result?.GetType(), Is.EqualTo(value?.GetType()));
        }
        finally
        {
            VariantMarshaller.Free(variant);
        }
    }

    [TestCaseSource(nameof(Values))]
    public void A_VARIANT_is_read_through_a_reference_to_it(object? value, VarEnum expectedType)
    {
        ComVariant variant = VariantMarshaller.ConvertToUnmanaged(value);
        try
        {
            ComVariant reference = ComVariant.CreateRaw(VarEnum.VT_BYREF | VarEnum.VT_VARIANT, (nint)(&variant));
            Assert.That(VariantMarshaller.ConvertToManaged(reference), Is.EqualTo(value), $"{expectedType}");
        }
        finally
        {
            VariantMarshaller.Free(variant);
        }
    }

    [Test]
    public void A_value_is_read_through_a_reference_to_it()
    {
        int number = 42;
        short truth = -1;

        Assert.That(
            VariantMarshaller.ConvertToManaged(ComVariant.CreateRaw(VarEnum.VT_BYREF | VarEnum.VT_I4, (nint)(&number))), Is.EqualTo(42));
        Assert.That(VariantMarshaller.ConvertToManaged(ComVariant.CreateRaw(VarEnum.VT_BYREF | VarEnum.VT_BOOL, (nint)(&truth))), Is.True);
    }

    [Test]
    public void A_decimal_is_read_through_a_reference_to_it()
    {
        decimal number = 123.45m;

        Assert.That(
            VariantMarshaller.ConvertToManaged(ComVariant.CreateRaw(VarEnum.VT_BYREF | VarEnum.VT_DECIMAL, (nint)(&number))),
            Is.EqualTo(123.45m));
    }

    [Test]
    public void An_argument_left_out_comes_back_as_one()
    {
        ComVariant variant = VariantMarshaller.ConvertToUnmanaged(Missing.Value);

        Assert.That(variant.VarType, Is.EqualTo(VarEnum.VT_ERROR));
        Assert.That(VariantMarshaller.ConvertToManaged(variant), Is.SameAs(Missing.Value));
    }

    [Test]
    public void An_enumeration_goes_as_its_number()
    {
        ComVariant variant = VariantMarshaller.ConvertToUnmanaged(VMVMState.vmVMState_Running);

        Assert.That(VariantMarshaller.ConvertToManaged(variant), Is.EqualTo(5).And.TypeOf<int>());
    }

    [Test]
    public void A_currency_is_read_as_a_decimal() =>
        Assert.That(VariantMarshaller.ConvertToManaged(ComVariant.CreateRaw(VarEnum.VT_CY, 12_345L)), Is.EqualTo(1.2345m));

    [Test]
    public void An_absent_text_is_read_as_an_empty_one() =>
        Assert.That(VariantMarshaller.ConvertToManaged(ComVariant.CreateRaw<nint>(VarEnum.VT_BSTR, 0)), Is.Empty);

    [Test]
    public void An_object_goes_with_a_reference_that_freeing_gives_back()
    {
        ServedMachine served = new();
        nint unknown = (nint)ComInterfaceMarshaller<object>.ConvertToUnmanaged(served);
        try
        {
            int before = CountReferences(unknown);
            ComVariant variant = VariantMarshaller.ConvertToUnmanaged(served);
            Assert.That(variant.VarType, Is.EqualTo(VarEnum.VT_DISPATCH));
            Assert.That(CountReferences(unknown), Is.EqualTo(before + 1));
            Assert.That(VariantMarshaller.ConvertToManaged(variant), Is.SameAs(served));

            VariantMarshaller.Free(variant);
            Assert.That(CountReferences(unknown), Is.EqualTo(before));
        }
        finally
        {
            Marshal.Release(unknown);
        }
    }

    [Test]
    public void An_object_that_is_not_served_through_COM_is_refused() =>
        Assert.That(
            () => VariantMarshaller.ConvertToUnmanaged(new Version(1, 0)),
            Throws.ArgumentException.With.Message.Contains("System.Version"));

    [TestCase(VarEnum.VT_RECORD)]
    [TestCase(VarEnum.VT_ERROR)]
    [TestCase(VarEnum.VT_LPWSTR)]
    [TestCase(VarEnum.VT_BYREF | VarEnum.VT_I4, TestName = "A_reference_to_nothing_is_refused")]
    public void A_type_that_is_not_carried_is_refused(VarEnum type) =>
        Assert.That(() => VariantMarshaller.ConvertToManaged(ComVariant.CreateRaw(type, 0L)), Throws.ArgumentException);

    [Test]
    public void A_chain_of_references_is_refused()
    {
        ComVariant variant = ComVariant.CreateRaw(VarEnum.VT_I4, 1);
        ComVariant reference = ComVariant.CreateRaw(VarEnum.VT_BYREF | VarEnum.VT_VARIANT, (nint)(&variant));
        ComVariant chain = ComVariant.CreateRaw(VarEnum.VT_BYREF | VarEnum.VT_VARIANT, (nint)(&reference));

        Assert.That(() => VariantMarshaller.ConvertToManaged(chain), Throws.ArgumentException);
    }

    [Test]
    public void A_number_that_is_no_date_is_refused() =>
        Assert.That(() => VariantMarshaller.ConvertToManaged(ComVariant.CreateRaw(VarEnum.VT_DATE, 1e300)), Throws.ArgumentException);

    [Test]
    public void A_decimal_with_a_scale_that_does_not_exist_is_refused()
    {
        byte* number = stackalloc byte[16];
        number[2] = 200;

        Assert.That(
            () => VariantMarshaller.ConvertToManaged(ComVariant.CreateRaw(VarEnum.VT_BYREF | VarEnum.VT_DECIMAL, (nint)number)),
            Throws.InstanceOf<ArgumentException>());
    }

    private static int CountReferences(nint unknown)
    {
        Marshal.AddRef(unknown);
        return Marshal.Release(unknown);
    }
}
