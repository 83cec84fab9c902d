using System.Text;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Tests.Configuration;

/// <summary>A crash in the middle of a write leaves the old file or the new one.</summary>
[TestFixture]
internal sealed class AtomicFileTests
{
    private static readonly byte[] Old = Encoding.UTF8.GetBytes(new string('o', 10_000));
    private static readonly byte[] New = Encoding.UTF8.GetBytes(new string('n', 20_000));

    [Test]
    public void A_crash_after_any_step_leaves_the_old_or_the_new_file([Values] AtomicFileStep crashAfter)
    {
        using TestDirectory folder = new();
        string path = folder.PathOf("machine.vmc");
        AtomicFile.Write(path, Old);

        Assert.That(() => AtomicFile.Write(path, New, step => Crash(step == crashAfter)), Throws.TypeOf<CrashException>());

        byte[] left = File.ReadAllBytes(path);
        Assert.That(left, Is.EqualTo(crashAfter == AtomicFileStep.FileReplaced ? New : Old));
    }

    [Test]
    public void Files_left_behind_by_a_crash_are_no_obstacle_and_are_removed_by_the_next_write([Values] AtomicFileStep crashAfter)
    {
        using TestDirectory folder = new();
        string path = folder.PathOf("machine.vmc");
        Assert.That(() => AtomicFile.Write(path, Old, step => Crash(step == crashAfter)), Throws.TypeOf<CrashException>());

        foreach (string left in Directory.GetFiles(folder.FullPath))
        {
            File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddMinutes(-2));
        }

        AtomicFile.Write(path, New);

        Assert.That(File.ReadAllBytes(path), Is.EqualTo(New));
        Assert.That(Directory.GetFiles(folder.FullPath), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_write_in_the_middle_of_another_spoils_neither([Values] AtomicFileStep middle)
    {
        using TestDirectory folder = new();
        string path = folder.PathOf("machine.vmc");

        AtomicFile.Write(path, Old, step =>
        {
            if (step == middle)
            {
                AtomicFile.Write(path, New);
                Assert.That(File.ReadAllBytes(path), Is.EqualTo(New));
            }
        });

        Assert.That(File.ReadAllBytes(path), Is.EqualTo(middle == AtomicFileStep.FileReplaced ? New : Old));
        Assert.That(Directory.GetFiles(folder.FullPath), Has.Length.EqualTo(1));
    }

    [Test]
    public void Files_that_only_look_like_temporary_ones_stay()
    {
        using TestDirectory folder = new();
        string[] others =
        [
            folder.WriteText("machine.vmc.new", "x"),
            folder.WriteText("machine.vmc.mine.new", "x"),
            folder.WriteText("other.vmc.0a1b.new", "x"),
        ];
        Array.ForEach(others, other => File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddMinutes(-2)));

        AtomicFile.Write(folder.PathOf("machine.vmc"), New);

        Assert.That(Directory.GetFiles(folder.FullPath), Is.SupersetOf(others));
    }

    [Test]
    public void A_file_that_cannot_be_replaced_stays_and_no_temporary_one_is_left()
    {
        using TestDirectory folder = new();
        string path = folder.PathOf("taken");
        Directory.CreateDirectory(Path.Combine(path, "by a folder"));

        Assert.That(() => AtomicFile.Write(path, New), Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(Directory.GetFiles(folder.FullPath), Is.Empty);
    }

    private static void Crash(bool now)
    {
        if (now)
        {
            throw new CrashException();
        }
    }

    private sealed class CrashException : Exception;
}
