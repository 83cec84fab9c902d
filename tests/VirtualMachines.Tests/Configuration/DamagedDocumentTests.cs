using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Tests.Configuration;

/// <summary>Invalid documents are refused with a reason, within the limits.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class DamagedDocumentTests
{
    [TestCaseSource(typeof(DamagedFiles), nameof(DamagedFiles.All))]
    public void A_damaged_document_is_refused_with_a_reason(byte[] content) =>
        Assert.That(
            () => XmlValueDocument.Parse(content, "preferences"),
            Throws.TypeOf<InvalidDataException>().With.Message.Length.GreaterThan(10));

    [Test]
    public void A_document_cut_off_anywhere_is_refused()
    {
        XmlValueDocument document = XmlValueDocument.Create("preferences", "comment");
        document.Set(ValuePath.Parse("a/b[@id=1]/c"), "text");
        byte[] content = document.ToBytes();
        int end = content.Length - (2 * ">\r\n".Length);

        for (int length = 0; length <= end; length++)
        {
            Assert.That(
                () => XmlValueDocument.Parse(content[..length], "preferences"),
                Throws.TypeOf<InvalidDataException>(),
                $"after {length} bytes");
        }
    }
}
