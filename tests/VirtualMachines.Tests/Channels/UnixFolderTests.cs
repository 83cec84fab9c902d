using System.Runtime.Versioning;
using System.Security.Cryptography;
using VpcComApi.Platform.Linux;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.VirtualMachines.Tests.Channels;

/// <summary>Which folders are safe for sockets that other users must not replace.</summary>
[TestFixture]
[Platform("Linux")]
[SupportedOSPlatform("linux")]
[NonParallelizable]
internal sealed class UnixFolderTests
{
    private const UnixFileMode All = (UnixFileMode)0b111_111_111;

    [TestCase(0b111_000_000, ExpectedResult = true)]
    [TestCase(0b111_101_101, ExpectedResult = true)]
    [TestCase(0b111_111_101, ExpectedResult = false)]
    [TestCase(0b111_101_111, ExpectedResult = false)]
    [TestCase(0b1_111_111_111, ExpectedResult = true)]
    public bool A_folder_is_safe_when_others_cannot_write_to_it_or_it_is_sticky(int mode)
    {
        using TestDirectory folder = new();
        File.SetUnixFileMode(folder.FullPath, (UnixFileMode)mode);

        return UnixFolder.WhyUnsafe(folder.FullPath) is null;
    }

    [Test]
    public void A_folder_that_is_not_there_is_not_safe() =>
        Assert.That(UnixFolder.WhyUnsafe("/no such folder"), Does.StartWith("cannot be read"));

    [Test]
    public void A_pipe_in_a_folder_where_others_could_replace_it_is_refused()
    {
        using TestDirectory folder = new();
        File.SetUnixFileMode(folder.FullPath, All);
        string? before = Environment.GetEnvironmentVariable("TMPDIR");
        Environment.SetEnvironmentVariable("TMPDIR", folder.FullPath);
        try
        {
            PipeName name = PipeName.Parse(PipeName.Prefix + RandomNumberGenerator.GetHexString(8));
            Assert.That(
                () => HostPipeListener.Create(name),
                Throws.InstanceOf<VirtualMachineException>().With.Message.Contains(folder.FullPath).And.Message.Contains("TMPDIR"));
            Assert.That(Directory.EnumerateFileSystemEntries(folder.FullPath), Is.Empty);
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", before);
        }
    }
}
