using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Machines;

/// <summary>A machine whose .vmc file becomes unreadable while it runs can be reset and saved all the same.</summary>
[TestFixture]
internal sealed class UnreadableFileTests
{
    private const string Key = "integration/vpccomapi/test";

    [Test]
    public async Task A_reset_machine_runs_on_with_the_values_that_it_has([Values] bool deleted)
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        FakeRunningMachine running = await fixture.StartAsync();
        machine.ActivationValues.SetValue(Key, 7);
        MakeUnreadable(machine, deleted);

        await HostFixture.SucceedAsync(machine.Reset());

        Assert.That(machine.State, Is.EqualTo(MachineState.Running));
        Assert.That(running.Calls, Is.EqualTo(["Reset"]));
        Assert.That(machine.ActivationValues.GetValue(Key), Is.EqualTo(7));
        Assert.That(fixture.Log.Entries.Select(entry => entry.Id), Does.Contain(MachineEventIds.ConfigurationNotReread));
    }

    [Test]
    public async Task A_running_machine_can_be_saved([Values] bool deleted)
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        await fixture.StartAsync();
        MakeUnreadable(machine, deleted);

        await HostFixture.SucceedAsync(machine.Save());

        Assert.That(machine.State, Is.EqualTo(MachineState.Saved));
        Assert.That(machine.SavedStateFile, Does.Exist);
    }

    [Test]
    public async Task A_running_machine_is_saved_when_the_application_ends([Values] bool deleted)
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        await fixture.StartAsync();
        MakeUnreadable(machine, deleted);

        await fixture.Host.DisposeAsync();

        Assert.That(machine.State, Is.EqualTo(MachineState.Saved));
        Assert.That(machine.SavedStateFile, Does.Exist);
    }

    private static void MakeUnreadable(VirtualMachine machine, bool deleted)
    {
        if (deleted)
        {
            File.Delete(machine.ConfigurationFile);
        }
        else
        {
            File.WriteAllText(machine.ConfigurationFile, "<preferences><hardware>");
        }
    }
}
