using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.ProviderConformance;

/// <content>The tests of saved states and non-volatile memory.</content>
public abstract partial class ProviderConformanceTests
{
    [Test]
    public async Task A_saved_machine_ends_and_can_be_restored()
    {
        using TestDirectory folder = new();
        string file = folder.PathOf("state.vsv");
        await using (IRunningMachine machine = await StartWithGuestAsync())
        {
            NeedsCapability(machine, MachineCapabilities.Save);
            await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
            Response set = await guest.AskAsync(id => Request.SetParameter(id, "Kept", "across \"save\" and restore \u00e9"));
            Assert.That(set.Error, Is.Null, set.Message);

            await Wait.UntilAsync(machine.SaveAsync(file, new Progress<int>(), CancellationToken.None), "the save");
            Assert.That((await machine.Ended).Reason, Is.EqualTo(MachineEndReason.Saved));
        }

        Assert.That(Directory.GetFiles(folder.FullPath), Is.EqualTo(new[] { file }));
        await using IRunningMachine restored = await StartAsync(file);
        await using GuestConnection again = await GuestConnection.ConnectAsync(restored);
        Response kept = await again.AskAsync(id => Request.GetParameter(id, "Kept"));

        Assert.That(kept.Value, Is.EqualTo("across \"save\" and restore \u00e9"));
    }

    [Test]
    public async Task A_paused_machine_can_be_saved()
    {
        using TestDirectory folder = new();
        await using IRunningMachine machine = await StartAsync();
        NeedsCapability(machine, MachineCapabilities.Save);
        await machine.PauseAsync(CancellationToken.None);

        await Wait.UntilAsync(machine.SaveAsync(folder.PathOf("state.vsv"), new Progress<int>(), CancellationToken.None), "the save");

        Assert.That((await machine.Ended).Reason, Is.EqualTo(MachineEndReason.Saved));
    }

    [Test]
    public async Task A_save_that_fails_leaves_the_machine_running_and_no_file()
    {
        using TestDirectory folder = new();
        await using IRunningMachine machine = await StartWithGuestAsync();
        NeedsCapability(machine, MachineCapabilities.Save);
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Assert.That(
            async () => await machine.SaveAsync(folder.PathOf("no such folder", "state.vsv"), new Progress<int>(), CancellationToken.None),
            Throws.InstanceOf<VirtualMachineException>());

        Assert.That((await guest.AskAsync(id => Request.GetParameter(id, "VirtualMachineName"))).Error, Is.Null);
        Assert.That(Directory.EnumerateFileSystemEntries(folder.FullPath), Is.Empty);
        Assert.That(machine.Ended.IsCompleted, Is.False);
    }

    [Test]
    public void A_missing_saved_state_is_refused()
    {
        using TestDirectory folder = new();

        Assert.That(
            async () => await StartAsync(folder.PathOf("missing.vsv")),
            Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error))
                .EqualTo(VirtualMachineError.SavedStateUnreadable));
    }

    [Test]
    public void A_damaged_saved_state_is_refused()
    {
        using TestDirectory folder = new();
        string file = folder.WriteText("damaged.vsv", "this was never a saved state");

        Assert.That(
            async () => await StartAsync(file),
            Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error))
                .EqualTo(VirtualMachineError.SavedStateUnreadable));
    }

    [Test]
    public async Task A_parameter_outlives_the_machine_s_power()
    {
        using TestDirectory folder = new();
        MachineStart start = Start() with { NonVolatileMemoryFile = folder.PathOf("memory.nvr") };
        for (int run = 0; run < 2; run++)
        {
            await using IRunningMachine machine = await Wait.UntilAsync(
                CreateProvider().StartAsync(start, new Progress<int>(), CancellationToken.None), "the machine to start");
            await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
            Response kept = await guest.AskAsync(id => Request.GetParameter(id, "Kept"));
            Assert.That(kept.Value, Is.EqualTo(run == 0 ? null : "over the power-off"));
            Assert.That((await guest.AskAsync(id => Request.SetParameter(id, "Kept", "over the power-off"))).Error, Is.Null);
        }
    }
}
