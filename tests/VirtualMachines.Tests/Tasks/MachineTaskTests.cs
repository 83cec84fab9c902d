using Microsoft.Extensions.Time.Testing;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Tests.Tasks;

/// <summary>Progress, cancellation, results and the list of tasks.</summary>
[TestFixture]
internal sealed class MachineTaskTests
{
    private readonly SettableClock time = new();
    private MachineTaskList list = null!;

    [SetUp]
    public void MakeList() => list = new MachineTaskList(time, () => { });

    [Test]
    public async Task Progress_never_falls_and_is_100_only_after_success()
    {
        TaskCompletionSource reported = new();
        TaskCompletionSource go = new();
        MachineTask task = list.Start("Working", cancelable: false, async (self, _) =>
        {
            foreach (int percent in (int[])[-5, 30, 20, 250])
            {
                self.Report(percent);
                if (percent == 20)
                {
                    reported.SetResult();
                    await go.Task;
                }
            }

            Assert.That(self.PercentCompleted, Is.EqualTo(99));
        });

        await Wait.UntilAsync(reported.Task, "the progress");
        Assert.That(task.PercentCompleted, Is.EqualTo(30));
        Assert.That(task.IsComplete, Is.False);
        Assert.That(task.Result, Is.EqualTo(MachineTaskResult.Success));
        go.SetResult();
        await HostFixture.SucceedAsync(task);
        Assert.That(task.PercentCompleted, Is.EqualTo(100));
    }

    [Test]
    public async Task A_cancelled_task_says_so()
    {
        MachineTask task = list.Start("Waiting", cancelable: true, (_, token) => Task.Delay(Timeout.Infinite, token));
        Assert.That(task.IsCancelable, Is.True);

        task.Cancel();
        await Wait.UntilAsync(task.Completion, "the task");

        Assert.That(task.Result, Is.EqualTo(MachineTaskResult.Cancelled));
        Assert.That(task.Error!.Message, Is.EqualTo("Waiting was cancelled."));
        Assert.That(task.PercentCompleted, Is.LessThan(100));
        Assert.That(task.IsCancelable, Is.False);
    }

    [Test]
    public async Task What_cannot_be_cancelled_refuses()
    {
        TaskCompletionSource go = new();
        MachineTask never = list.Start("Never", cancelable: false, (_, _) => go.Task);
        TaskCompletionSource passed = new();
        MachineTask tooLate = list.Start("Too late", cancelable: true, async (self, _) =>
        {
            self.EndCancellation();
            passed.SetResult();
            await go.Task;
        });
        await Wait.UntilAsync(passed.Task, "the point of no return");

        Assert.That(never.Cancel, Refusals.With(VirtualMachineError.NotPossibleNow));
        Assert.That(tooLate.Cancel, Refusals.With(VirtualMachineError.NotPossibleNow));
        go.SetResult();
        await HostFixture.SucceedAsync(never);
        await HostFixture.SucceedAsync(tooLate);
        Assert.That(never.Cancel, Refusals.With(VirtualMachineError.NotPossibleNow));
    }

    private static IEnumerable<TestCaseData> Failures() =>
    [
        new(new VirtualMachineException(VirtualMachineError.TimedOut, "t"), VirtualMachineError.TimedOut, MachineTaskResult.TimedOut),
        new(
            new VirtualMachineException(VirtualMachineError.SavedStateBadVersion, "t"),
            VirtualMachineError.SavedStateBadVersion,
            MachineTaskResult.IncompatibleSavedState),
        new(
            new VirtualMachineException(VirtualMachineError.ProviderFailed, "t"),
            VirtualMachineError.ProviderFailed,
            MachineTaskResult.UnexpectedError),
        new(new InvalidOperationException("t"), VirtualMachineError.Unexpected, MachineTaskResult.UnexpectedError),
        new(new UnauthorizedAccessException("t"), VirtualMachineError.AccessDenied, MachineTaskResult.DiskRelatedError),
        new(new IOException("t", 28), VirtualMachineError.DiskFull, MachineTaskResult.DiskRelatedError),
        new(new OperationCanceledException("nobody asked"), VirtualMachineError.Unexpected, MachineTaskResult.UnexpectedError),
    ];

    [TestCaseSource(nameof(Failures))]
    public async Task A_failure_is_the_tasks_error_and_nobody_elses(Exception thrown, VirtualMachineError error, MachineTaskResult result)
    {
        MachineTask task = list.Start("Failing", cancelable: true, (_, _) => throw thrown);

        await Wait.UntilAsync(task.Completion, "the task");

        Assert.That(task.Completion.IsCompletedSuccessfully, Is.True);
        Assert.That(task.Result, Is.EqualTo(result));
        Assert.That(task.Error!.Error, Is.EqualTo(error));
        Assert.That(task.IsComplete, Is.True);
    }

    [Test]
    public async Task A_clock_that_is_set_shortens_and_lengthens_no_task_s_stay([Values(-24, 24)] int hours)
    {
        MachineTask ended = list.Start("Ended", cancelable: false, (_, _) => Task.CompletedTask);
        await HostFixture.SucceedAsync(ended);

        time.Ahead = TimeSpan.FromHours(hours);
        Assert.That(list.Snapshot, Is.EqualTo([ended]));
        time.Advance(MachineTaskList.KeptAfterEnd);
        Assert.That(list.Snapshot, Is.Empty);
    }

    [Test]
    public async Task Ended_tasks_stay_a_while_and_then_go()
    {
        MachineTask ended = list.Start("Ended", cancelable: false, (_, _) => Task.CompletedTask);
        await HostFixture.SucceedAsync(ended);
        TaskCompletionSource go = new();
        MachineTask running = list.Start("Running", cancelable: false, (_, _) => go.Task);

        time.Advance(MachineTaskList.KeptAfterEnd - TimeSpan.FromSeconds(1));
        Assert.That(list.Snapshot, Is.EqualTo([ended, running]));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(list.Snapshot, Is.EqualTo([running]));
        Assert.That(list.AnyRunning, Is.True);

        go.SetResult();
        await HostFixture.SucceedAsync(running);
        Assert.That(list.AnyRunning, Is.False);
    }

    [Test]
    public async Task The_list_is_bounded_and_ids_are_unique()
    {
        List<MachineTask> all = [];
        for (int i = 0; i < MachineTaskList.MaximumEnded + 10; i++)
        {
            MachineTask task = list.Start($"Task {i}", cancelable: false, (_, _) => Task.CompletedTask);
            await HostFixture.SucceedAsync(task);
            all.Add(task);
        }

        Assert.That(list.Snapshot, Is.EqualTo(all[10..]));
        Assert.That(all.Select(task => task.Id), Is.Unique.And.All.GreaterThan(0));
    }

    /// <summary>A clock that is set to another time, while elapsed time is not affected.</summary>
    private sealed class SettableClock : FakeTimeProvider
    {
        /// <summary>By how much it was set ahead; a negative time for a clock that was set back.</summary>
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

        // The base class takes it from the time of day, and has as many ticks in a second.
        public override long GetTimestamp() => base.GetTimestamp() - Ahead.Ticks;
    }
}
