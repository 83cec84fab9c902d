using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.VirtualMachines.Tests.Channels;

[TestFixture]
internal sealed class PipeNameTests
{
    [TestCase(@"\\.\pipe\mynamedpipe", "mynamedpipe")]
    [TestCase(@"\\.\PIPE\MyNamedPipe", "MyNamedPipe")]
    [TestCase(@"\\.\Pipe\a b.c:d-é", "a b.c:d-é")]
    public void A_name_below_the_prefix_in_any_case_is_read(string text, string name)
    {
        PipeName pipe = PipeName.Parse(text);

        Assert.That(pipe.Name, Is.EqualTo(name));
        Assert.That(pipe.FullName, Is.EqualTo(@"\\.\pipe\" + name));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("mynamedpipe")]
    [TestCase(@"\\.\pipe")]
    [TestCase(@"\\.\pipe\")]
    [TestCase(@"\\server\pipe\mynamedpipe")]
    [TestCase(@" \\.\pipe\mynamedpipe")]
    [TestCase(@"\\.\pipe\folder\name")]
    [TestCase(@"\\.\pipe\name\")]
    [TestCase(@"\\.\pipe\../name")]
    [TestCase("\\\\.\\pipe\\na\0me")]
    public void Anything_else_is_answered_as_a_missing_argument(string? text)
    {
        VirtualMachineException? refusal = Assert.Throws<VirtualMachineException>(() => PipeName.Parse(text));

        Assert.That(refusal!.Error, Is.EqualTo(VirtualMachineError.MissingArgument));
        Assert.That(refusal.Message, Does.Contain(@"\\.\pipe\NAME"));
    }

    [Test]
    [Platform("Win")]
    public void A_whole_name_of_256_characters_is_the_longest() =>
        Assert.That(PipeName.Parse(PipeName.Prefix + new string('n', 256 - PipeName.Prefix.Length)).FullName, Has.Length.EqualTo(256));

    [Test]
    public void A_whole_name_of_257_characters_is_refused() => Assert.That(
        () => PipeName.Parse(PipeName.Prefix + new string('n', 257 - PipeName.Prefix.Length)),
        Throws.TypeOf<VirtualMachineException>().With.Property("Error").EqualTo(VirtualMachineError.MissingArgument));

    [Test]
    [Platform(Exclude = "Win", Reason = "Only a Unix socket's address is that short.")]
    public void A_name_whose_socket_would_not_fit_is_refused_and_the_text_says_so()
    {
        VirtualMachineException? refusal =
            Assert.Throws<VirtualMachineException>(() => PipeName.Parse(PipeName.Prefix + new string('n', UnixPipePath.MaximumBytes)));

        Assert.That(refusal!.Error, Is.EqualTo(VirtualMachineError.MissingArgument));
        Assert.That(refusal.Message, Does.Contain("107 bytes"));
    }

    [Test]
    public void Names_compare_without_case()
    {
        PipeName lower = PipeName.Parse(@"\\.\pipe\name");
        PipeName upper = PipeName.Parse(@"\\.\PIPE\NAME");

        Assert.That(upper, Is.EqualTo(lower));
        Assert.That(upper.GetHashCode(), Is.EqualTo(lower.GetHashCode()));
        Assert.That(upper, Is.Not.EqualTo(PipeName.Parse(@"\\.\pipe\other")));
    }
}
