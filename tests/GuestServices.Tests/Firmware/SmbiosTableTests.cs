using CsCheck;
using VpcComApi.GuestServices.Firmware;

namespace VpcComApi.GuestServices.Tests.Firmware;

/// <summary>What a guest reads of its machine's firmware.</summary>
[TestFixture]
public sealed class SmbiosTableTests
{
    // A chassis (type 3, asset tag is text 2), OEM strings (type 11, two of them), the end.
    private static readonly byte[] Table =
    [
        3, 9, 0, 3, 1, 1, 0, 1, 2, .. "QEMU\0TAG-1\0\0"u8,
        11, 5, 0, 11, 2, .. "first\0second\0\0"u8,
        127, 4, 0, 127, 0, 0,
    ];

    [Test]
    public void The_asset_tag_and_the_makers_texts_are_found()
    {
        FirmwareTexts texts = SmbiosTable.Read(Table);

        Assert.That(texts.ChassisAssetTag, Is.EqualTo("TAG-1"));
        Assert.That(texts.OemStrings, Is.EqualTo((string[])["first", "second"]));
    }

    [Test]
    public void A_table_that_was_cut_gives_what_was_whole()
    {
        FirmwareTexts texts = SmbiosTable.Read(Table.AsSpan(0, 25));

        Assert.That(texts.ChassisAssetTag, Is.EqualTo("TAG-1"));
        Assert.That(texts.OemStrings, Is.Empty);
    }

    [Test]
    public void Whatever_a_table_holds_it_is_read_to_an_end() => Gen.Byte.Array[0, 200].Sample(
        bytes =>
        {
            FirmwareTexts texts = SmbiosTable.Read(bytes);
            return texts.OemStrings.Count <= bytes.Length * byte.MaxValue;
        },
        iter: 20_000);
}
