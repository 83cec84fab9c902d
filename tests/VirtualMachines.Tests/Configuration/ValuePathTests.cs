using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Tests.Configuration;

/// <summary>The syntax of keys.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ValuePathTests
{
    [TestCase("idle_timeout", "idle_timeout")]
    [TestCase("hardware/memory/ram_size", "hardware/memory/ram_size")]
    [TestCase("a/ide_controller[@id=1]/location[@id=0]/absolute", "a/ide_controller[@id=1]/location[@id=0]/absolute")]
    [TestCase("a[@id=\"1\"]/b", "a[@id=1]/b")]
    [TestCase("a[@id='x-1']/b", "a[@id=x-1]/b")]
    [TestCase("schlüssel/ключ", "schlüssel/ключ")]
    public void A_good_key_is_read(string key, string canonical) => Assert.That(ValuePath.Parse(key).ToString(), Is.EqualTo(canonical));

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    [TestCase("/a")]
    [TestCase("a/")]
    [TestCase("a//b")]
    [TestCase("1a")]
    [TestCase("a b")]
    [TestCase("a:b")]
    [TestCase("a[1]")]
    [TestCase("a[@id=]")]
    [TestCase("a[@id=1")]
    [TestCase("a[@id=\"1']")]
    [TestCase("a[@name=1]")]
    [TestCase("a[@id=1]x")]
    [TestCase("a[@id=1]][@id=2]")]
    [TestCase("a/../b")]
    [TestCase("a<b")]
    [TestCase("a\0")]
    public void A_malformed_key_is_refused(string? key)
    {
        Assert.That(() => ValuePath.Parse(key), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(ValuePath.TryParse(key, out _), Is.False);
    }

    [Test]
    public void Length_and_depth_of_a_key_are_bounded()
    {
        string longest = new('a', ValuePath.MaximumLength);
        string deepest = string.Join('/', Enumerable.Repeat("a", ValuePath.MaximumSteps));

        Assert.That(ValuePath.TryParse(longest, out _), Is.True);
        Assert.That(ValuePath.TryParse(longest + "a", out _), Is.False);
        Assert.That(ValuePath.TryParse(deepest, out _), Is.True);
        Assert.That(ValuePath.TryParse(deepest + "/a", out _), Is.False);
        Assert.That(ValuePath.TryParse($"a[@id={new string('1', ValuePath.MaximumIdLength + 1)}]", out _), Is.False);
    }
}
