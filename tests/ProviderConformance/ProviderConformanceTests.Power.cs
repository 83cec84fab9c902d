using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.ProviderConformance;

/// <content>The tests of power, reset, and the machine's end.</content>
public abstract partial class ProviderConformanceTests
{
    [Test]
    public async Task A_machine_that_is_turned_off_ends_and_says_so()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        await Wait.UntilAsync(machine.TurnOffAsync(CancellationToken.None), "the machine to turn off");

        Assert.That((await machine.Ended).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
        Assert.That(async () => await Wait.UntilAsync(guest.Bus.Completion, "the bus to end"), Throws.InstanceOf<BusException>());
    }

    [Test]
    public async Task A_machine_can_be_turned_off_while_its_guest_boots()
    {
        await using IRunningMachine machine = await StartAsync();

        await Wait.UntilAsync(machine.TurnOffAsync(CancellationToken.None), "the machine to turn off");

        Assert.That((await machine.Ended).Reason, Is.EqualTo(MachineEndReason.TurnedOff));
    }

    [Test]
    public async Task A_machine_that_has_ended_has_no_bus_and_refuses_commands()
    {
        await using IRunningMachine machine = await StartAsync();

        // A paused guest does not connect.
        await machine.PauseAsync(CancellationToken.None);
        Task<Stream> waiting = machine.ConnectBusAsync(CancellationToken.None);
        await machine.DisposeAsync();

        Assert.That(async () => await Wait.UntilAsync(waiting, "the wait for the bus to end"), Throws.InstanceOf<IOException>());
        Assert.That(async () => await machine.ConnectBusAsync(CancellationToken.None), Throws.InstanceOf<IOException>());
        Assert.That(async () => await machine.PauseAsync(CancellationToken.None), Throws.InstanceOf<VirtualMachineException>());
        Assert.That(async () => await machine.ResetAsync(CancellationToken.None), Throws.InstanceOf<VirtualMachineException>());
        await machine.TurnOffAsync(CancellationToken.None);
        await machine.DisposeAsync();
    }

    [Test]
    public async Task A_reset_boots_the_guest_again_in_the_same_machine()
    {
        await using IRunningMachine machine = await StartAsync();
        GuestConnection first = await GuestConnection.ConnectAsync(machine);
        await using (first)
        {
            await Wait.UntilAsync(machine.ResetAsync(CancellationToken.None), "the reset");
            Assert.That(async () => await Wait.UntilAsync(first.Bus.Completion, "the old bus to end"), Throws.InstanceOf<BusException>());
        }

        await using GuestConnection second = await GuestConnection.ConnectAsync(machine);

        Assert.That(second.Bus.Peer.SessionId, Is.Not.EqualTo(first.Bus.Peer.SessionId));
        Assert.That(machine.Ended.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_paused_machine_can_be_reset_and_runs_then()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using (await GuestConnection.ConnectAsync(machine))
        {
            await machine.PauseAsync(CancellationToken.None);
            await Wait.UntilAsync(machine.ResetAsync(CancellationToken.None), "the reset");
        }

        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Assert.That(guest.Facts.OSName, Is.Not.Empty);
    }

    [Test]
    public async Task A_guest_that_shuts_down_powers_its_machine_off()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Response answer = await guest.AskAsync(id => Request.Shutdown(id, forced: true, restart: false));
        Assert.That(answer.Error, Is.Null, answer.Message);
        GuestShutdownStarted told = await guest.ReceiveAsync<GuestShutdownStarted>();
        MachineEnd end = await Wait.UntilAsync(machine.Ended, "the machine to power off");

        Assert.That(told.Kind, Is.EqualTo(GuestShutdownStarted.Shutdown));
        Assert.That(end.Reason, Is.EqualTo(MachineEndReason.GuestPoweredOff));
    }

    [Test]
    public async Task A_guest_that_restarts_comes_up_again_in_the_same_machine()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using (GuestConnection guest = await GuestConnection.ConnectAsync(machine))
        {
            await guest.AskAsync(id => Request.Shutdown(id, forced: true, restart: true));
            await Wait.UntilAsync(guest.Bus.Completion.ContinueWith(_ => { }, TaskScheduler.Default), "the bus to end");
        }

        await using GuestConnection again = await GuestConnection.ConnectAsync(machine);

        Assert.That(again.Facts.OSName, Is.Not.Empty);
        Assert.That(machine.Ended.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_killed_machine_is_detected_and_the_reason_described()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        KillMachineFromOutside();
        MachineEnd end = await Wait.UntilAsync(machine.Ended, "the death to be noticed", TimeSpan.FromSeconds(5));

        Assert.That(end.Reason, Is.EqualTo(MachineEndReason.Died));
        Assert.That(end.Description, Does.Match(KilledDescription));
    }

    [Test]
    public async Task The_death_of_a_paused_machine_is_detected()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        await machine.PauseAsync(CancellationToken.None);

        KillMachineFromOutside();

        Assert.That((await Wait.UntilAsync(machine.Ended, "the death to be noticed")).Reason, Is.EqualTo(MachineEndReason.Died));
    }

    [Test]
    public async Task Ten_starts_and_kills_leave_nothing()
    {
        for (int round = 0; round < 10; round++)
        {
            await using IRunningMachine machine = await StartWithGuestAsync();
            await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
            KillMachineFromOutside();
            await Wait.UntilAsync(machine.Ended, "the death to be noticed");
        }

        await AssertNothingLeftAsync();
    }
}
