using System.Security.Cryptography;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.ProviderConformance;

/// <content>The tests of the guest's link, also while the machine is paused.</content>
public abstract partial class ProviderConformanceTests
{
    [Test]
    public async Task A_wait_for_the_bus_can_be_given_up_and_begun_again()
    {
        await using IRunningMachine machine = await StartAsync();
        using CancellationTokenSource giveUp = new();
        giveUp.Cancel();
        Assert.That(async () => await machine.ConnectBusAsync(giveUp.Token), Throws.InstanceOf<OperationCanceledException>());

        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Assert.That(guest.Facts.OSName, Is.Not.Empty);
    }

    [Test]
    public async Task The_guest_connects_again_after_its_link_was_lost()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using (GuestConnection first = await GuestConnection.ConnectAsync(machine))
        {
            await first.Bus.CloseAsync();
        }

        await using GuestConnection second = await GuestConnection.ConnectAsync(machine);

        Assert.That(second.Facts.OSName, Is.Not.Empty);
    }

    [Test]
    public async Task A_paused_guest_does_not_answer_until_it_is_resumed()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        await machine.PauseAsync(CancellationToken.None);
        await machine.PauseAsync(CancellationToken.None);

        Task<Response> answer = guest.AskAsync(id => Request.GetParameter(id, "VirtualMachineName"));
        Assert.That(
            async () => await answer.WaitAsync(TimeSpan.FromMilliseconds(300)),
            Throws.InstanceOf<TimeoutException>(),
            "a paused guest answered");
        await machine.ResumeAsync(CancellationToken.None);

        Assert.That((await answer).Error, Is.Null);
        Assert.That(machine.Ended.IsCompleted, Is.False);
    }

    [Test]
    public async Task Pauses_under_load_lose_no_byte()
    {
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        BusChannelPair pair = await guest.Bus.OfferAsync(TcpRelayService.Name(EchoPort));
        byte[] sent = RandomNumberGenerator.GetBytes(8 * 1024 * 1024);
        int pauses = 0;
        Task sending = SendAsync();

        byte[] received = new byte[sent.Length];
        await using Stream input = pair.Input.AsStream();
        const int Part = 1024 * 1024;
        for (int at = 0; at < sent.Length; at += Part)
        {
            await Wait.UntilAsync(input.ReadExactlyAsync(received, at, Part).AsTask(), "the echo");
            await machine.PauseAsync(CancellationToken.None);
            pauses++;
            await machine.ResumeAsync(CancellationToken.None);
        }

        await Wait.UntilAsync(sending, "all bytes to be sent");
        Assert.That(received.AsSpan().SequenceEqual(sent), Is.True, "what came back is what was sent");
        Assert.That(await Wait.UntilAsync(input.ReadAsync(new byte[1]).AsTask(), "the end"), Is.Zero);
        Assert.That(pauses, Is.GreaterThan(1));

        async Task SendAsync()
        {
            await pair.Output.WriteAsync(sent);
            await pair.Output.CompleteAsync();
        }
    }
}
