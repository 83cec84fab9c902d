using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Tests.Configuration;

/// <summary>The right to use a file: its holders, and others that request it.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FileUseLockTests : IDisposable
{
    private readonly TestDirectory folder = new();

    private string Machine => folder.PathOf("Machine.vmc");

    private string LockFile => folder.PathOf("Machine.vmc.lock");

    private string Elsewhere => Directory.CreateDirectory(folder.PathOf("elsewhere")).FullName;

    public void Dispose() => folder.Dispose();

    [Test]
    public void One_has_it_alone_or_many_together()
    {
        using (Take(exclusive: true))
        {
            Assert.That(TryTake(Machine, exclusive: true), Is.Null);
            Assert.That(TryTake(Machine, exclusive: false), Is.Null);
            Assert.That(LockFile, Does.Exist);
        }

        using (Take(exclusive: false))
        using (Take(exclusive: false))
        {
            Assert.That(TryTake(Machine, exclusive: true), Is.Null);
        }

        using FileUseLock again = Take(exclusive: true);
        Assert.That(Directory.GetFiles(Elsewhere), Is.Empty);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There the file stays.")]
    public void The_lock_file_goes_with_the_last_who_holds_it()
    {
        FileUseLock one = Take(exclusive: false);
        FileUseLock other = Take(exclusive: false);
        one.Dispose();
        Assert.That(LockFile, Does.Exist);
        other.Dispose();
        Assert.That(LockFile, Does.Not.Exist);

        Take(exclusive: true).Dispose();
        Assert.That(LockFile, Does.Not.Exist);
    }

    [Test]
    public void The_right_to_change_a_file_is_another_than_the_right_to_use_it()
    {
        using FileUseLock used = Take(exclusive: true);

        using (FileUseLock change = TryTake(Machine, exclusive: true, FileRight.Change)!)
        {
            Assert.That(change, Is.Not.Null);
            Assert.That(TryTake(Machine, exclusive: true, FileRight.Change), Is.Null);
        }

        using FileUseLock again = TryTake(Machine, exclusive: true, FileRight.Change)!;
        Assert.That(TryTake(Machine, exclusive: true), Is.Null);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There the file stays.")]
    public void The_lock_file_stays_until_the_last_lock_is_released()
    {
        FileUseLock used = Take(exclusive: true);
        FileUseLock changed = TryTake(Machine, exclusive: true, FileRight.Change)!;
        changed.Dispose();
        Assert.That(LockFile, Does.Exist);
        Assert.That(TryTake(Machine, exclusive: true), Is.Null);

        changed = TryTake(Machine, exclusive: true, FileRight.Change)!;
        used.Dispose();
        Assert.That(LockFile, Does.Exist);
        Assert.That(TryTake(Machine, exclusive: true, FileRight.Change), Is.Null);

        changed.Dispose();
        Assert.That(LockFile, Does.Not.Exist);
    }

    [Test]
    public async Task The_use_of_a_file_does_not_conflict_with_changes_to_it()
    {
        const int Rounds = 1_000;
        int refused = 0;
        bool done = false;
        Task changing = Task.Factory.StartNew(
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    TryTake(Machine, exclusive: true, FileRight.Change)?.Dispose();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        for (int round = 0; round < Rounds; round++)
        {
            using FileUseLock? held = TryTake(Machine, exclusive: true);
            refused += held is null ? 1 : 0;
        }

        Volatile.Write(ref done, true);
        await Wait.UntilAsync(changing, "the changes to end");
        Assert.That(refused, Is.Zero);
    }

    [Test]
    [Platform("Win", Reason = "Elsewhere another case is another file.")]
    public void Every_spelling_of_a_name_uses_the_lock_of_the_name_in_the_folder()
    {
        File.WriteAllText(Machine, "x");

        using FileUseLock held = TryTake(Machine.ToUpperInvariant(), exclusive: true)!;

        Assert.That(Path.GetFileName(Directory.GetFiles(folder.FullPath, "*.lock").Single()), Is.EqualTo("Machine.vmc.lock"));
        Assert.That(TryTake(Machine, exclusive: true), Is.Null);
        Assert.That(TryTake(Machine.ToLowerInvariant(), exclusive: true), Is.Null);
    }

    [Test]
    public void What_a_killed_holder_left_is_free()
    {
        File.WriteAllBytes(LockFile, []);

        Take(exclusive: true).Dispose();
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "It takes a right to make links there.")]
    public void Links_and_other_spellings_use_the_same_lock()
    {
        File.WriteAllText(Machine, "x");
        Directory.CreateDirectory(folder.PathOf("links"));
        File.CreateSymbolicLink(folder.PathOf("links", "Link.vmc"), Machine);
        File.CreateSymbolicLink(folder.PathOf("links", "Second.vmc"), folder.PathOf("links", "Link.vmc"));
        Directory.CreateSymbolicLink(folder.PathOf("folder"), folder.FullPath);

        using FileUseLock held = Take(exclusive: true);

        foreach (string path in new[]
            {
                folder.PathOf("links", "Link.vmc"),
                folder.PathOf("links", "Second.vmc"),
                folder.PathOf("folder", "Machine.vmc"),
                folder.PathOf("links", "..", "Machine.vmc"),
            })
        {
            Assert.That(TryTake(path, exclusive: true), Is.Null, path);
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Where_no_lock_can_be_beside_a_file_it_is_elsewhere(bool isGone)
    {
        // The tests may run as root, who ignores access rights, but nobody can create a file below a file.
        string path = isGone ? folder.PathOf("gone", "Machine.vmc") : Path.Combine(folder.WriteText("file", "x"), "Machine.vmc");

        using (TryTake(path, exclusive: true)!)
        {
            Assert.That(Directory.GetFiles(Elsewhere), Has.Length.EqualTo(1));
            Assert.That(TryTake(path, exclusive: true), Is.Null);
        }

        using FileUseLock again = TryTake(path, exclusive: true)!;
    }

    [TestCase(false)]
    [TestCase(true, ExcludePlatform = "Win", Reason = "It takes a right to make links there.")]
    public void A_lock_file_that_is_there_and_cannot_be_opened_is_a_refusal_that_names_it(bool isLink)
    {
        if (isLink)
        {
            File.CreateSymbolicLink(LockFile, folder.PathOf("gone"));
        }
        else
        {
            Directory.CreateDirectory(LockFile);
        }

        VirtualMachineException refusal = Assert.Throws<VirtualMachineException>(() => TryTake(Machine, exclusive: true)?.Dispose());

        Assert.That(refusal.Error, Is.EqualTo(VirtualMachineError.AccessDenied));
        Assert.That(refusal.Message, Does.Contain(LockFile).And.Contain("remove it"));
        Assert.That(Directory.GetFiles(Elsewhere), Is.Empty);
    }

    [Test]
    public async Task A_shared_lock_does_not_fail_when_another_holder_releases_it()
    {
        const int Rounds = 2_000;
        int refused = 0;
        using Barrier start = new(2);
        await Wait.UntilAsync(
            Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    Assert.That(start.SignalAndWait(Wait.DefaultLimit), Is.True);
                    for (int round = 0; round < Rounds; round++)
                    {
                        using FileUseLock? held = TryTake(Machine, exclusive: false);
                        if (held is null)
                        {
                            Interlocked.Increment(ref refused);
                        }
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))),
            "the rounds");

        Assert.That(refused, Is.Zero);
    }

    [Test]
    public async Task It_is_never_held_by_two_however_often_it_changes_hands()
    {
        const int Rounds = 300;
        int holders = 0;
        int most = 0;
        int taken = 0;
        using Barrier start = new(4);
        await Wait.UntilAsync(
            Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    Assert.That(start.SignalAndWait(Wait.DefaultLimit), Is.True);
                    for (int round = 0; round < Rounds;)
                    {
                        using FileUseLock? held = TryTake(Machine, exclusive: true);
                        if (held is null)
                        {
                            Thread.Yield();
                            continue;
                        }

                        int now = Interlocked.Increment(ref holders);
                        most = Math.Max(most, now);
                        Interlocked.Increment(ref taken);
                        Interlocked.Decrement(ref holders);
                        round++;
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))),
            "the rounds");

        Assert.That(most, Is.EqualTo(1));
        Assert.That(taken, Is.EqualTo(4 * Rounds));
    }

    private FileUseLock Take(bool exclusive) => TryTake(Machine, exclusive)!;

    private FileUseLock? TryTake(string path, bool exclusive, FileRight right = FileRight.Use) =>
        FileUseLock.TryTake(path, exclusive, Elsewhere, right);
}
