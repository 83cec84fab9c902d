using Microsoft.Extensions.Time.Testing;
using NUnit.Framework.Constraints;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Tests.Providers;

/// <summary>What every provider's machine does between power-up and end.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class MachineLifetimeTests
{
    private static readonly MachineEnd Died = new(MachineEndReason.Died, "its process ended");

    private readonly List<Exception> failures = [];
    private readonly List<Func<ValueTask>> releaseSteps = [];
    private readonly TaskCompletionSource<MachineEnd> stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FakeTimeProvider time = null!;
    private MachineLifetime lifetime = null!;

    [SetUp]
    public void Begin()
    {
        time = new FakeTimeProvider();
        lifetime = new MachineLifetime("Test", time, () => releaseSteps, failures.Add);
        lifetime.SetKill(() => stopped.TrySetResult(Died));
        lifetime.Begin(() => stopped.Task);
    }

    [Test]
    public async Task A_machine_that_stops_by_itself_has_ended_for_its_own_reason()
    {
        stopped.SetResult(Died);

        Assert.That(await EndAsync(), Is.EqualTo(Died));
        Assert.That(lifetime.Ending.IsCancellationRequested, Is.True);
        Assert.That(failures, Is.Empty);
    }

    [Test]
    public async Task The_end_that_the_host_wants_is_the_machine_s_end()
    {
        await Wait.UntilAsync(lifetime.TurnOffAsync(StopAsync, CancellationToken.None), "the machine to be off");

        Assert.That((await EndAsync()).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
    }

    [Test]
    public async Task A_machine_has_ended_whatever_its_release_throws()
    {
        bool isReleased = false;
        releaseSteps.Add(() => throw new InvalidOperationException("a part"));
        releaseSteps.Add(() =>
        {
            isReleased = true;
            return ValueTask.CompletedTask;
        });

        stopped.SetResult(Died);

        Assert.That(await EndAsync(), Is.EqualTo(Died));
        Assert.That(isReleased, Is.True);
        Assert.That(failures.Select(failure => failure.Message), Is.EqualTo(["a part"]));
    }

    [Test]
    public async Task A_machine_has_ended_when_a_step_of_its_release_does_not_return()
    {
        releaseSteps.Add(() => new ValueTask(new TaskCompletionSource().Task));

        stopped.SetResult(Died);
        await Wait.UntilAsync(() => lifetime.Ending.IsCancellationRequested, "the release to begin");
        Assert.That(lifetime.Ended.IsCompleted, Is.False);
        await AdvanceUntilEndedAsync();

        Assert.That(failures, Has.Exactly(1).InstanceOf<TimeoutException>());
    }

    [Test]
    public async Task A_machine_that_its_provider_cannot_wait_for_has_died()
    {
        stopped.SetException(new IOException("the control channel is closed"));

        MachineEnd end = await EndAsync();

        Assert.That(end.Reason, Is.EqualTo(MachineEndReason.Died));
        Assert.That(end.Description, Does.Contain("the control channel is closed"));
    }

    [Test]
    public async Task Commands_are_carried_out_one_after_the_other()
    {
        TaskCompletionSource first = new();
        Task running = lifetime.ExecuteAsync(_ => first.Task, CancellationToken.None);
        bool isSecondCarriedOut = false;
        Task waiting = lifetime.ExecuteAsync(
            _ =>
            {
                isSecondCarriedOut = true;
                return Task.CompletedTask;
            },
            CancellationToken.None);
        Assert.That(isSecondCarriedOut, Is.False);

        first.SetResult();
        await Wait.UntilAsync(Task.WhenAll(running, waiting), "both commands");

        Assert.That(isSecondCarriedOut, Is.True);
    }

    [Test]
    public async Task A_machine_that_has_ended_refuses_commands_and_connections()
    {
        stopped.SetResult(Died);
        await EndAsync();

        Assert.That(async () => await lifetime.ExecuteAsync(_ => Task.CompletedTask, CancellationToken.None), ThrowsNotRunning());
        Assert.That(
            async () => await lifetime.ConnectAsync(_ => Task.FromResult(Stream.Null), CancellationToken.None),
            Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task A_wait_for_the_guest_ends_with_the_machine()
    {
        Task<Stream> waiting = lifetime.ConnectAsync(NeverConnectAsync, CancellationToken.None);

        stopped.SetResult(Died);

        Assert.That(async () => await Wait.UntilAsync(waiting, "the wait to end"), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Turning_off_waits_for_the_running_command()
    {
        TaskCompletionSource command = new();
        Task running = lifetime.ExecuteAsync(_ => command.Task, CancellationToken.None);
        Task turningOff = lifetime.TurnOffAsync(StopAsync, CancellationToken.None);
        Assert.That(stopped.Task.IsCompleted, Is.False);

        command.SetResult();

        await Wait.UntilAsync(Task.WhenAll(running, turningOff), "the command, and the machine to be off");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Turning_off_does_not_wait_for_a_command_that_hangs(bool heedsItsToken)
    {
        Task hanging = lifetime.ExecuteAsync(
            token => heedsItsToken ? Task.Delay(Timeout.Infinite, token) : new TaskCompletionSource().Task, CancellationToken.None);
        Task turningOff = lifetime.TurnOffAsync(() => throw new InvalidOperationException("it was not its turn"), CancellationToken.None);

        time.Advance(MachineLifetime.TurnOffPatience);

        await Wait.UntilAsync(turningOff, "the machine to be off");
        Assert.That((await EndAsync()).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
        Assert.That(async () => await Wait.UntilAsync(hanging, "the command to be cancelled"), ThrowsNotRunning());
    }

    [Test]
    public async Task A_machine_that_survives_being_killed_has_ended_all_the_same_and_that_is_reported()
    {
        lifetime.SetKill(() => { });

        lifetime.Kill();
        await AdvanceUntilEndedAsync();

        Assert.That((await EndAsync()).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
        Assert.That(failures, Has.Exactly(1).InstanceOf<TimeoutException>());
    }

    [Test]
    public void What_executes_a_guest_that_boots_while_the_machine_is_killed_is_killed_too()
    {
        lifetime.SetKill(() => { });
        lifetime.Kill();
        bool isKilled = false;

        lifetime.SetKill(() => isKilled = true);

        Assert.That(isKilled, Is.True);
    }

    [Test]
    public async Task A_power_off_that_has_no_effect_is_followed_by_a_kill()
    {
        Task turningOff = lifetime.TurnOffAsync(() => Task.CompletedTask, CancellationToken.None);
        Assert.That(lifetime.Ended.IsCompleted, Is.False);

        time.Advance(MachineLifetime.KillLimit);

        await Wait.UntilAsync(turningOff, "the machine to be off");
    }

    [Test]
    public async Task A_power_off_that_fails_is_reported_and_followed_by_a_kill()
    {
        await Wait.UntilAsync(
            lifetime.TurnOffAsync(() => throw new IOException("the control channel is gone"), CancellationToken.None),
            "the machine to be off");

        Assert.That((await EndAsync()).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
        Assert.That(failures.Select(failure => failure.Message), Is.EqualTo(["the control channel is gone"]));
    }

    [Test]
    public async Task A_kill_that_fails_is_reported_and_the_machine_ends_all_the_same()
    {
        lifetime.SetKill(() => throw new InvalidOperationException("there is no such process"));

        lifetime.Kill();
        await AdvanceUntilEndedAsync();

        Assert.That((await EndAsync()).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
        Assert.That(failures.Select(failure => failure.Message), Does.Contain("there is no such process"));
    }

    [Test]
    public async Task A_kill_that_fails_at_what_boots_while_the_machine_is_killed_is_reported()
    {
        lifetime.SetKill(() => { });
        lifetime.Kill();

        lifetime.SetKill(() => throw new InvalidOperationException("there is no such process"));
        await AdvanceUntilEndedAsync();

        Assert.That(failures.Select(failure => failure.Message), Does.Contain("there is no such process"));
    }

    [Test]
    public async Task A_reset_that_is_pending_when_the_machine_ends_fails()
    {
        Task reset = lifetime.ExpectResetAsync();
        Assert.That(lifetime.IsResetWanted, Is.True);

        stopped.SetResult(Died);

        Assert.That(
            async () => await Wait.UntilAsync(reset, "the reset to fail"),
            Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error))
                .EqualTo(VirtualMachineError.ProviderFailed));
        await EndAsync();
    }

    [Test]
    public async Task A_machine_is_paused_once_and_resumed_once()
    {
        List<string> calls = [];
        for (int round = 0; round < 2; round++)
        {
            await lifetime.PauseAsync(_ => Note(calls, "stop"), CancellationToken.None);
        }

        Assert.That(lifetime.IsPaused, Is.True);
        for (int round = 0; round < 2; round++)
        {
            await lifetime.ResumeAsync(_ => Note(calls, "continue"), CancellationToken.None);
        }

        Assert.That(lifetime.IsPaused, Is.False);
        Assert.That(calls, Is.EqualTo(["stop", "continue"]));
    }

    [Test]
    public async Task A_save_stops_the_guest_writes_and_ends_the_machine()
    {
        using TestDirectory folder = new();
        List<string> calls = [];

        await Wait.UntilAsync(SaveAsync(folder.PathOf("state"), calls, _ => Task.CompletedTask), "the save");

        Assert.That((await EndAsync()).Reason, Is.EqualTo(MachineEndReason.Saved));
        Assert.That(calls, Is.EqualTo(["stop", "write", "power off"]));
    }

    [Test]
    public async Task A_save_that_fails_lets_the_guest_continue_and_the_machine_be_saved_later()
    {
        using TestDirectory folder = new();
        List<string> calls = [];

        Assert.That(
            async () => await SaveAsync(folder.PathOf("state"), calls, _ => throw new IOException("the disk is full")),
            Throws.InstanceOf<IOException>());
        Assert.That(calls, Is.EqualTo(["stop", "write", "continue"]));
        Assert.That(lifetime.WantedEnd, Is.Null);

        await Wait.UntilAsync(SaveAsync(folder.PathOf("state"), calls, _ => Task.CompletedTask), "the save");
    }

    [Test]
    public async Task A_save_whose_power_off_fails_has_succeeded_and_the_machine_is_killed()
    {
        using TestDirectory folder = new();
        string path = folder.WriteText("state", "a whole state");

        await Wait.UntilAsync(
            SaveAsync(path, [], _ => Task.CompletedTask, () => throw new IOException("the control channel is gone")), "the save");

        Assert.That((await EndAsync()).Reason, Is.EqualTo(MachineEndReason.Saved));
        Assert.That(failures.Select(failure => failure.Message), Is.EqualTo(["the control channel is gone"]));
        Assert.That(File.Exists(path), Is.True);
    }

    [Test]
    public async Task A_machine_that_is_killed_while_it_is_saved_is_turned_off_and_leaves_no_file()
    {
        using TestDirectory folder = new();
        TaskCompletionSource write = new();
        Task saving = SaveAsync(folder.WriteText("state", "a whole state"), [], _ => write.Task);
        releaseSteps.Add(() =>
        {
            write.SetResult();
            return ValueTask.CompletedTask;
        });

        lifetime.Kill();

        Assert.That((await EndAsync()).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
        Assert.That(async () => await Wait.UntilAsync(saving, "the save to end"), ThrowsNotRunning());
        await Wait.UntilAsync(() => !File.Exists(folder.PathOf("state")), "the file to go");
    }

    [Test]
    public async Task Each_fault_of_the_processor_is_reported_once()
    {
        lifetime.ReportProcessorFault();

        await Wait.UntilAsync(lifetime.WaitForProcessorFaultAsync(CancellationToken.None), "the fault");

        Assert.That(lifetime.WaitForProcessorFaultAsync(CancellationToken.None).IsCompleted, Is.False);
    }

    private static EqualConstraint<VirtualMachineError> ThrowsNotRunning() =>
        Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error))
            .EqualTo(VirtualMachineError.MachineNotRunning);

    private static async Task<Stream> NeverConnectAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return Stream.Null;
    }

    private Task<MachineEnd> EndAsync() => Wait.UntilAsync(lifetime.Ended, "the machine to end");

    private Task StopAsync()
    {
        stopped.TrySetResult(Died);
        return Task.CompletedTask;
    }

    private async Task AdvanceUntilEndedAsync() => await Wait.UntilAsync(
        () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return lifetime.Ended.IsCompleted;
        },
        "the machine to end");

    private Task SaveAsync(
        string path,
        List<string> calls,
        Func<CancellationToken, Task> write,
        Func<Task>? powerOff = null,
        Func<Task>? continueGuest = null) => lifetime.SaveAsync(
        path,
        new Progress<int>(),
        new SaveSteps
        {
            Stop = _ => Note(calls, "stop"),
            Write = token =>
            {
                calls.Add("write");
                return write(token);
            },
            Continue = () => continueGuest?.Invoke() ?? Note(calls, "continue"),
            PowerOff = () =>
            {
                calls.Add("power off");
                return (powerOff ?? StopAsync)();
            },
        },
        CancellationToken.None);

    private static Task Note(List<string> calls, string call)
    {
        calls.Add(call);
        return Task.CompletedTask;
    }
}
