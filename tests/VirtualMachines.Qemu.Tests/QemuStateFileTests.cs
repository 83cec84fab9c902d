using System.Security.Cryptography;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Qemu.SavedState;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>Saved states as files: whole or refused.</summary>
[TestFixture]
public sealed class QemuStateFileTests
{
    private const int Memory = 128;
    private static readonly Guid Machine = Guid.NewGuid();

    private TestDirectory folder = null!;
    private byte[] content = null!;
    private string path = null!;

    [SetUp]
    public async Task SetUp()
    {
        folder = new TestDirectory();
        path = folder.PathOf("machine.vsv");
        content = RandomNumberGenerator.GetBytes(3 * 1024 * 1024 + 17);
        await WriteAsync(() => Task.CompletedTask);
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public async Task What_was_written_comes_back()
    {
        (Stream state, QemuStateHeader header) = await QemuStateFile.OpenAsync(path, Machine, Memory, CancellationToken.None);
        await using Stream disposed = state;
        using MemoryStream read = new();
        await state.CopyToAsync(read);

        Assert.That(read.ToArray().AsSpan().SequenceEqual(content), Is.True);
        Assert.That(header.SharesMemory, Is.True, "the machine needs it again");
    }

    [TestCase(0)]
    [TestCase(10)]
    [TestCase(200)]
    [TestCase(100_000)]
    [TestCase(-1)]
    public void A_file_that_was_cut_is_refused(int length)
    {
        using (FileStream file = new(path, FileMode.Open))
        {
            file.SetLength(length < 0 ? file.Length + length : length);
        }

        AssertRefused(VirtualMachineError.SavedStateUnreadable, Machine, Memory);
    }

    [Test]
    public void A_file_in_which_one_bit_was_changed_is_refused()
    {
        using (FileStream file = new(path, FileMode.Open))
        {
            file.Position = file.Length / 2;
            int before = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(before ^ 1));
        }

        AssertRefused(VirtualMachineError.SavedStateUnreadable, Machine, Memory);
    }

    [Test]
    public void A_state_of_another_machine_is_refused() => AssertRefused(VirtualMachineError.SavedStateBadVersion, Guid.NewGuid(), Memory);

    [Test]
    public void A_state_of_another_memory_size_is_refused() => AssertRefused(VirtualMachineError.SavedStateBadVersion, Machine, Memory * 2);

    [Test]
    public async Task A_save_that_is_not_complete_leaves_the_old_file_and_nothing_else()
    {
        byte[] before = await File.ReadAllBytesAsync(path);

        Assert.That(
            async () => await WriteAsync(() => throw new InvalidOperationException("not complete")), Throws.InvalidOperationException);

        Assert.That((await File.ReadAllBytesAsync(path)).AsSpan().SequenceEqual(before), Is.True);
        Assert.That(Directory.EnumerateFiles(folder.FullPath), Is.EqualTo((string[])[path]));
    }

    private async Task WriteAsync(Func<Task> isComplete)
    {
        using MemoryStream stream = new(content);
        await QemuStateFile.WriteAsync(
            path,
            new QemuStateHeader { ConfigurationId = Machine, QemuVersion = "7.2", MemoryMegabytes = Memory, SharesMemory = true },
            stream,
            isComplete,
            CancellationToken.None);
    }

    private void AssertRefused(VirtualMachineError error, Guid machine, int memory) => Assert.That(
        async () => await QemuStateFile.OpenAsync(path, machine, memory, CancellationToken.None),
        Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error)).EqualTo(error));
}
