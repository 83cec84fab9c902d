using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>Two applications over one data folder, as vpc.exe and vpcctl may be.</summary>
[TestFixture]
internal sealed class TwoProcessesTests
{
    [Test]
    public async Task Each_sees_what_the_other_registers_changes_and_deletes()
    {
        using TestDirectory folder = new();
        await using HostFixture one = new(folder.FullPath);
        await using HostFixture other = new(folder.FullPath);

        VirtualMachine made = one.Host.CreateVirtualMachine("Shared", one.Host.DefaultConfigurationPath);
        VirtualMachine seen = other.Host.FindVirtualMachine("Shared")!;
        made.Notes = "from one";
        Assert.That(seen.Notes, Is.EqualTo("from one"));
        Assert.That(seen.ConfigurationId, Is.EqualTo(made.ConfigurationId));

        one.Host.DeleteVirtualMachine(made);
        Assert.That(other.Host.FindVirtualMachine("Shared"), Is.Null);
        Assert.That(() => seen.Notes, Refusals.With(VirtualMachineError.MachineUnknown));
    }

    [Test]
    public async Task A_machine_runs_in_one_of_them_at_a_time()
    {
        using TestDirectory folder = new();
        await using HostFixture one = new(folder.FullPath);
        await using HostFixture other = new(folder.FullPath);
        await one.StartAsync();

        Assert.That(() => other.Machine.Startup(StartupOption.Normal), Refusals.With(VirtualMachineError.MachineRunning));
        Assert.That(() => other.Host.DeleteVirtualMachine(other.Machine), Refusals.With(VirtualMachineError.MachineRunning));
        Assert.That(() => other.Machine.Name = "Mine", Refusals.With(VirtualMachineError.SettingLockedWhileActive));

        await HostFixture.SucceedAsync(one.Machine.TurnOff());
        await other.StartAsync();
        Assert.That(other.Machine.State, Is.EqualTo(MachineState.Running));
    }

    [Test]
    public async Task A_machine_saved_by_one_is_restored_by_the_other()
    {
        using TestDirectory folder = new();
        await using HostFixture one = new(folder.FullPath);
        await using HostFixture other = new(folder.FullPath);
        await one.StartAsync();
        await HostFixture.SucceedAsync(one.Machine.Save());

        Assert.That(other.Machine.State, Is.EqualTo(MachineState.Saved));
        FakeRunningMachine restored = await other.StartAsync();

        Assert.That(restored.Start.SavedStateFile, Is.Not.Null);
        Assert.That(one.Machine.State, Is.EqualTo(MachineState.TurnedOff));
    }

    [Test]
    public async Task No_registration_and_no_value_is_lost_when_both_write_at_once()
    {
        const int Each = 20;
        using TestDirectory folder = new();
        await using HostFixture one = new(folder.FullPath);
        await using HostFixture other = new(folder.FullPath);
        HostFixture[] both = [one, other];

        // Threads of their own that begin each round together: pool threads might run one after the other and prove nothing.
        using Barrier round = new(both.Length);
        Task[] writers = [.. both.Select((fixture, who) => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < Each; i++)
                {
                    Assert.That(round.SignalAndWait(Wait.DefaultLimit), Is.True);
                    fixture.Host.CreateVirtualMachine($"Machine {who} {i}", fixture.Host.DefaultConfigurationPath);
                    fixture.Machine.ConfigurationValues.SetValue($"customer/w{who}/n{i}", i);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        await Wait.UntilAsync(Task.WhenAll(writers), "the writers");

        foreach (HostFixture fixture in both)
        {
            Assert.That(fixture.Host.VirtualMachines, Has.Count.EqualTo((2 * Each) + 1));
            for (int i = 0; i < Each; i++)
            {
                Assert.That(fixture.Machine.ConfigurationValues.GetValue($"customer/w0/n{i}"), Is.EqualTo(i));
                Assert.That(fixture.Machine.ConfigurationValues.GetValue($"customer/w1/n{i}"), Is.EqualTo(i));
            }
        }
    }
}
