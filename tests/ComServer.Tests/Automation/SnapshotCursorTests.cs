using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Tests.Automation;

[TestFixture]
internal sealed unsafe class SnapshotCursorTests
{
    [Test]
    public void Elements_come_in_order_and_the_end_is_S_FALSE()
    {
        SnapshotCursor<string> cursor = new(["a", "b", "c"]);
        string[] given = new string[4];
        uint fetched = 0;

        int first = cursor.Next(2, (nint)(&fetched), (index, element) => given[index] = element);
        uint fetchedFirst = fetched;
        int second = cursor.Next(2, (nint)(&fetched), (index, element) => given[2 + index] = element);

        Assert.That(first, Is.EqualTo(HResults.S_OK));
        Assert.That(fetchedFirst, Is.EqualTo(2));
        Assert.That(second, Is.EqualTo(HResults.S_FALSE));
        Assert.That(fetched, Is.EqualTo(1));
        Assert.That(given, Is.EqualTo(new[] { "a", "b", "c", null }));
    }

    [Test]
    public void Skip_says_whether_there_was_enough_to_skip()
    {
        SnapshotCursor<string> cursor = new(["a", "b"]);

        Assert.That(cursor.Skip(2), Is.EqualTo(HResults.S_OK));
        Assert.That(cursor.Skip(uint.MaxValue), Is.EqualTo(HResults.S_FALSE));
    }

    [Test]
    public void A_clone_goes_on_by_itself()
    {
        SnapshotCursor<string> cursor = new(["a", "b"]);
        cursor.Skip(1);
        SnapshotCursor<string> clone = cursor.Clone();
        cursor.Reset();

        Assert.That(First(cursor), Is.EqualTo("a"));
        Assert.That(First(clone), Is.EqualTo("b"));
    }

    private static string? First(SnapshotCursor<string> cursor)
    {
        string? found = null;
        cursor.Next(1, 0, (_, element) => found = element);
        return found;
    }
}
