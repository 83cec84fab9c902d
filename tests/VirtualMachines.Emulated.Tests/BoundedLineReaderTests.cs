using System.Text;
using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.VirtualMachines.Emulated.Tests;

public sealed class BoundedLineReaderTests
{
    [TestCase("", new string[0])]
    [TestCase("one\n", new[] { "one" })]
    [TestCase("one\r\ntwo\nthree", new[] { "one", "two", "three" })]
    [TestCase("\n\n", new[] { "", "" })]
    [TestCase("0123456789abc\nnext\n", new[] { "0123456789", "next" })]
    public void Lines_are_read_and_cut_at_the_limit(string text, string[] lines) =>
        Assert.That(new BoundedLineReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), 10).ReadAll(), Is.EqualTo(lines));

    [Test]
    public void A_line_without_end_takes_no_more_memory_than_the_limit()
    {
        MemoryStream endless = new(new byte[10_000_000]);

        Assert.That(new BoundedLineReader(endless, 100).ReadAll().Single(), Has.Length.EqualTo(100));
    }
}
