using Microsoft.Extensions.Time.Testing;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;
using static VpcComApi.VirtualMachines.MachineState;

namespace VpcComApi.VirtualMachines.Tests.Machines;

/// <summary>How long one operation of a machine waits for another that hangs.</summary>
[TestFixture]
internal sealed class TurnTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    [Test]
    public async Task A_property_that_is_set_waits_for_another_for_seconds_and_not_for_minutes()
    {
        FakeTimeProvider time = new();
        await using HostFixture fixture = new(timeProvider: time);
        VirtualMachine machine = fixture.Machine;
        Task renaming;
        Exception? refusal = null;
        TimeSpan waited = default;

        // As long as another process holds the list of machines, setting a name blocks, and holds the machine's turn.
        using (FileUseLock.TryTake(Path.Combine(fixture.Folder, "Registrations.txt"), exclusive: true, fixture.Folder, FileRight.Change))
        {
            renaming = Task.Run(() => machine.Name = "Other");
            await Wait.UntilAsync(
                async () =>
                {
                    DateTimeOffset began = time.GetUtcNow();
                    Task setting = Task.Run(() => machine.MemoryMegabytes = 256);
                    await AdvanceUntilAsync(time, setting);
                    refusal = setting.Exception?.InnerException;
                    waited = time.GetUtcNow() - began;
                    return refusal is not null || renaming.IsCompleted;
                },
                "a refusal");
        }

        Assert.That(
            refusal,
            Is.TypeOf<VirtualMachineException>().With.Property(
                nameof(VirtualMachineException.Error)).EqualTo(VirtualMachineError.TimedOut));
        Assert.That(waited, Is.LessThan(TimeSpan.FromMinutes(1)));
        await Wait.UntilAsync(renaming, "the new name");
        machine.MemoryMegabytes = 256;
    }

    [Test]
    public async Task A_machine_that_dies_is_off_although_its_provider_throws_when_the_wait_is_cancelled()
    {
        await using HostFixture fixture = new();
        FakeRunningMachine running = await fixture.StartAsync();
        TaskCompletionSource resetting = new();
        running.Doing = async (call, token) =>
        {
            if (call == "Reset")
            {
                using CancellationTokenRegistration thrown = token.Register(
                    () => throw new InvalidOperationException("a callback of the provider"));
                resetting.SetResult();
                await Task.Delay(Timeout.Infinite, token);
            }
        };
        MachineTask reset = fixture.Machine.Reset();
        await Wait.UntilAsync(resetting.Task, "the provider to be asked");

        running.End(MachineEndReason.Died, "killed");

        await Wait.UntilAsync(reset.Completion, "the reset to fail");
        await Wait.UntilAsync(() => fixture.Machine.State == TurnedOff, "the machine to be off");
        Assert.That(running.IsDisposed, Is.True);
        await fixture.StartAsync();
    }

    [Test]
    public async Task A_machine_that_ended_is_off_in_the_end_although_an_operation_on_it_hangs()
    {
        FakeTimeProvider time = new();
        await using HostFixture fixture = new(timeProvider: time);
        FakeRunningMachine running = await fixture.StartAsync();
        running.Doing = (call, _) => call == "Save" ? throw new IOException("no room", 28) : Task.CompletedTask;
        using ManualResetEventSlim hang = new();
        TaskCompletionSource hanging = new();
        fixture.Log.Logged = entry =>
        {
            if (entry.Id == MachineEventIds.SaveFailed)
            {
                hanging.SetResult();
                hang.Wait();
            }
        };
        MachineTask save = fixture.Machine.Save();
        try
        {
            await Wait.UntilAsync(hanging.Task, "the operation to hang");

            running.End(MachineEndReason.Died, "killed");
            await Wait.UntilAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromMinutes(1));
                    return fixture.Machine.State == TurnedOff;
                },
                "the machine to be off");
            Assert.That(running.IsDisposed, Is.True);
            Assert.That(fixture.Log.Entries.Count(entry => entry.Id == MachineEventIds.MachineDied), Is.EqualTo(1));
        }
        finally
        {
            hang.Set();
        }

        await Wait.UntilAsync(save.Completion, "the operation's end");
        Assert.That(save.Result, Is.Not.EqualTo(MachineTaskResult.Success));
        Assert.That(fixture.Machine.State, Is.EqualTo(TurnedOff));
        Assert.That(running.Calls.Count(call => call == "Dispose"), Is.EqualTo(1));
        Assert.That(fixture.Log.Entries.Count(entry => entry.Id == MachineEventIds.MachineDied), Is.EqualTo(1), "it was reported once");
        await fixture.StartAsync();
    }

    [Test]
    public async Task The_state_that_others_read_meanwhile_goes_from_saved_to_running_by_no_state_that_the_machine_never_was_in()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        HashSet<MachineState> seen = [];
        for (int round = 0; round < 10; round++)
        {
            await fixture.StartAsync();
            await HostFixture.SucceedAsync(machine.Save());
            TaskCompletionSource reads = new();
            Task reading = Task.Run(() =>
            {
                MachineState state;
                do
                {
                    state = machine.State;
                    seen.Add(state);
                    reads.TrySetResult();
                }
                while (state != Running);
            });
            await Wait.UntilAsync(reads.Task, "the first look");

            await HostFixture.SucceedAsync(machine.Startup(StartupOption.Normal));
            await Wait.UntilAsync(reading, "the last look");
            await HostFixture.SucceedAsync(machine.TurnOff());
        }

        Assert.That(seen, Is.SubsetOf(new[] { Saved, TurningOn, Restoring, Running }));
    }

    private static Task AdvanceUntilAsync(FakeTimeProvider time, Task happened) => Wait.UntilAsync(
        () =>
        {
            if (!happened.IsCompleted)
            {
                time.Advance(Step);
            }

            return happened.IsCompleted;
        },
        "the limit to take effect");
}
