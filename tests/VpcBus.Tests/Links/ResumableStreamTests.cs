using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>Every byte arrives once, or both sides detect that the link is lost.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class ResumableStreamTests
{
    [Test]
    public async Task Every_byte_arrives_once_however_often_the_link_is_cut([Values] LinkFault fault, [Range(1, 6)] int seed)
    {
        const int Length = 1_500_000;
        LossyPort port = new(seed, fault, leastBytes: 1_000, mostBytes: 250_000);
        await using LinkPair link = await ResumableLinks.CreateAsync(port);

        await Task.WhenAll(
            SendAsync(link.Host, seed, Length), ReceiveAsync(link.Guest, seed, Length),
            SendAsync(link.Guest, seed + 50, Length), ReceiveAsync(link.Host, seed + 50, Length)).WaitAsync(TimeSpan.FromSeconds(50));

        Assert.That(port.Cuts, Is.GreaterThan(5), "the link was cut");
    }

    [Test]
    public async Task A_few_bytes_now_and_then_arrive_once_too([Values] LinkFault fault)
    {
        LossyPort port = new(seed: 9, fault);
        await using LinkPair link = await ResumableLinks.CreateAsync(port);
        byte[] answer = new byte[3];

        for (byte round = 0; round < 60; round++)
        {
            if (round % 3 == 0)
            {
                port.Cut();
            }

            await link.Host.WriteAsync(new byte[] { round, 1, 2 });
            await link.Guest.ReadExactlyAsync(answer);
            Assert.That(answer, Is.EqualTo(new byte[] { round, 1, 2 }));
            await link.Guest.WriteAsync(answer);
            await link.Host.ReadExactlyAsync(answer);
            Assert.That(answer, Is.EqualTo(new byte[] { round, 1, 2 }));
        }

        Assert.That(port.Cuts, Is.AtLeast(20));
    }

    [Test]
    public async Task A_link_that_is_closed_after_its_last_bytes_still_delivers_them([Values] LinkFault fault)
    {
        LossyPort port = new(seed: 4, fault);
        await using LinkPair link = await ResumableLinks.CreateAsync(port);
        Task receiving = ReceiveAsync(link.Guest, 4, 100_000);
        await SendAsync(link.Host, 4, 100_000);

        port.Cut();
        Task closing = link.Host.DisposeAsync().AsTask();

        await receiving.WaitAsync(BusPair.StepLimit);
        Assert.That(await link.Guest.ReadAsync(new byte[1]), Is.Zero, "the end");
        await link.Guest.DisposeAsync();
        await closing.WaitAsync(BusPair.StepLimit);
    }

    [Test]
    public async Task A_new_session_on_the_other_side_ends_this_one([Values] bool hostIsRestarted)
    {
        LossyPort port = new(seed: 5, LinkFault.ReplaysStaleBytes);
        bool dead = false;
        using CancellationTokenSource stop = new(BusPair.StepLimit);

        // A process that has ended does not connect again. Otherwise it would take the port from the process that replaces it, and its
        // session, which is neither side's any more, would end the new one.
        Task<Stream> DialOnceAsync(CancellationToken cancellationToken) => Volatile.Read(ref dead)
            ? Task.FromException<Stream>(new IOException("The process has ended."))
            : ConnectAsync(hostIsRestarted, cancellationToken);
        Task<Stream> ConnectAsync(bool host, CancellationToken cancellationToken) =>
            host ? port.ConnectHostAsync(cancellationToken) : port.OpenGuestAsync(cancellationToken);
        BusSide side = hostIsRestarted ? BusSide.Host : BusSide.Guest;
        BusSide otherSide = hostIsRestarted ? BusSide.Guest : BusSide.Host;
        ResumableStreamOptions leavingOptions = new() { Side = side, CloseTimeout = TimeSpan.FromMilliseconds(1) };
        Task<ResumableStream> leavingConnects = ResumableStream.ConnectAsync(DialOnceAsync, leavingOptions, stop.Token);
        ResumableStream staying = await ResumableStream.ConnectAsync(
            token => ConnectAsync(!hostIsRestarted, token), ResumableLinks.Options(otherSide), stop.Token);
        ResumableStream leaving = await leavingConnects;
        await leaving.WriteAsync(new byte[500], stop.Token);
        await staying.ReadExactlyAsync(new byte[500], stop.Token);
        Task<int> reading = staying.ReadAsync(new byte[10]).AsTask();

        // Nothing announces the death to the side that stays.
        Volatile.Write(ref dead, true);
        Task<ResumableStream> restarted = ResumableStream.ConnectAsync(
            token => ConnectAsync(hostIsRestarted, token), ResumableLinks.Options(side), stop.Token);
        BusException lost = await BusAssert.FailsAsync(reading, BusError.LinkLost);

        Assert.That(lost.Message, Does.Contain("new session"));
        await BusAssert.FailsAsync(staying.WriteAsync(new byte[1]).AsTask(), BusError.LinkLost);

        // Once that session is closed, a new one on this side connects to the new one of the other side.
        await staying.DisposeAsync();
        await using ResumableStream again = await ResumableStream.ConnectAsync(
            token => ConnectAsync(!hostIsRestarted, token), ResumableLinks.Options(otherSide), stop.Token);
        await using ResumableStream other = await restarted;
        await other.WriteAsync("new"u8.ToArray(), stop.Token);
        byte[] word = new byte[3];
        await again.ReadExactlyAsync(word, stop.Token);
        Assert.That(word, Is.EqualTo("new"u8.ToArray()), "nothing of the session before");
        await Task.WhenAll(again.DisposeAsync().AsTask(), other.DisposeAsync().AsTask());
        await leaving.DisposeAsync();
    }

    [Test]
    public async Task An_interruption_that_lasts_too_long_is_a_loss_on_both_sides()
    {
        FakeTimeProvider clock = new();
        LossyPort port = new(seed: 6, LinkFault.Cuts);
        bool dead = false;
        Task<Stream> DialAsync(CancellationToken cancellationToken) =>
            Volatile.Read(ref dead)
                ? Task.FromException<Stream>(new IOException("Nobody is there."))
                : port.ConnectHostAsync(cancellationToken);
        Task<ResumableStream> hosting = ResumableStream.ConnectAsync(DialAsync, OptionsWith(clock, BusSide.Host));
        await using ResumableStream guest = await ResumableStream.ConnectAsync(port.OpenGuestAsync, OptionsWith(clock, BusSide.Guest));
        await using ResumableStream host = await hosting;
        await host.WriteAsync(new byte[] { 1, 2, 3 });
        await guest.ReadExactlyAsync(new byte[3]);
        Task<int>[] reading = [host.ReadAsync(new byte[1]).AsTask(), guest.ReadAsync(new byte[1]).AsTask()];

        Volatile.Write(ref dead, true);
        port.Cut();
        await BusAssert.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(200));
            return reading.All(task => task.IsCompleted);
        });

        foreach (Task<int> task in reading)
        {
            BusException lost = await BusAssert.FailsAsync(task, BusError.LinkLost);
            Assert.That(lost.Message, Does.Contain("did not come back within 30 s"));
        }
    }

    [Test]
    public async Task A_reader_that_does_not_read_holds_up_the_writer_and_nothing_else()
    {
        LinkPair link = await ResumableLinks.CreateAsync(new LossyPort(seed: 7, LinkFault.LosesBytes));
        await using LinkPair closing = link;
        long written = 0;
        using CancellationTokenSource stop = new();
        Task writing = WriteForEverAsync();

        // The other direction stays active, and its traffic gives the first one time to fill up.
        await Task.WhenAll(SendAsync(link.Guest, 1, 2_000_000), ReceiveAsync(link.Host, 1, 2_000_000)).WaitAsync(BusPair.StepLimit);
        await BusAssert.UntilAsync(() => Volatile.Read(ref written) >= ResumableStreamOptions.DefaultWindow);

        Assert.That(writing.IsCompleted, Is.False);
        Assert.That(
            Volatile.Read(ref written), Is.AtMost(ResumableStreamOptions.DefaultWindow), "what the window allows, and nothing beyond");
        await stop.CancelAsync();
        Assert.That(async () => await writing.WaitAsync(BusPair.StepLimit), Throws.InstanceOf<OperationCanceledException>());
        await ReceiveAsync(link.Guest, 2, (int)written);

        async Task WriteForEverAsync()
        {
            byte[] block = new byte[4096];
            while (true)
            {
                Pattern.Fill(2, written, block);
                await link.Host.WriteAsync(block, stop.Token);
                Interlocked.Add(ref written, block.Length);
            }
        }
    }

    [Test]
    public async Task Two_ends_of_the_same_side_refuse_each_other()
    {
        LinkPair whole = DuplexPipeStream.CreateLink();
        Task<ResumableStream> one = ResumableStream.ConnectAsync(_ => Task.FromResult(whole.Host), ResumableLinks.Options(BusSide.Host));
        Task<ResumableStream> other = ResumableStream.ConnectAsync(_ => Task.FromResult(whole.Guest), ResumableLinks.Options(BusSide.Host));

        await BusAssert.FailsAsync(one, BusError.RevisionMismatch);
        await BusAssert.FailsAsync(other, BusError.RevisionMismatch);
    }

    [Test]
    public async Task A_first_byte_link_that_cannot_be_had_is_the_callers_error()
    {
        Assert.That(
            async () => await ResumableStream.ConnectAsync(
                _ => Task.FromException<Stream>(new IOException("No such device.")), ResumableLinks.Options(BusSide.Guest)),
            Throws.InstanceOf<IOException>().With.Message.EqualTo("No such device."));
        await Task.CompletedTask;
    }

    [Test]
    public void Options_out_of_range_are_refused_by_name()
    {
        ResumableStreamOptions[] wrong =
        [
            new() { Side = (BusSide)4 }, new() { Side = BusSide.Host, Window = 1 },
            new() { Side = BusSide.Host, ReplayBuffer = int.MaxValue },
            new() { Side = BusSide.Host, ResumeTimeout = TimeSpan.Zero },
        ];
        foreach (ResumableStreamOptions options in wrong)
        {
            Assert.That(
                async () =>
                    await ResumableStream.ConnectAsync(_ => Task.FromResult(Stream.Null), options), Throws.InstanceOf<ArgumentException>());
        }
    }

    [Test]
    public async Task An_idle_link_says_nothing()
    {
        LinkPair whole = DuplexPipeStream.CreateLink();
        CountingStream counting = new(whole.Host);
        Task<ResumableStream> hosting = ResumableStream.ConnectAsync(
            _ => Task.FromResult<Stream>(counting), ResumableLinks.Options(BusSide.Host));
        await using ResumableStream guest = await ResumableStream.ConnectAsync(
            _ => Task.FromResult(whole.Guest), ResumableLinks.Options(BusSide.Guest));
        await using ResumableStream host = await hosting;
        await host.WriteAsync(new byte[10]);
        await guest.ReadExactlyAsync(new byte[10]);

        // One question follows the bytes that nobody has acknowledged yet; after its answer nothing more is sent.
        TimeSpan twiceTheInterval = 2 * ResumableLinks.Options(BusSide.Host).QuestionInterval;
        int writes = 0;
        long since = Stopwatch.GetTimestamp();
        await BusAssert.UntilAsync(() =>
        {
            if (counting.Writes != writes)
            {
                writes = counting.Writes;
                since = Stopwatch.GetTimestamp();
            }

            return Stopwatch.GetElapsedTime(since) > twiceTheInterval;
        });
        Assert.That(writes, Is.InRange(3, 8));
    }

    private static ResumableStreamOptions OptionsWith(FakeTimeProvider clock, BusSide side) => new() { Side = side, TimeProvider = clock };

    private static async Task SendAsync(Stream stream, int seed, int length)
    {
        Random random = new(seed);
        byte[] block = new byte[40_000];
        for (int sent = 0; sent < length;)
        {
            int size = Math.Min(random.Next(1, block.Length + 1), length - sent);
            Pattern.Fill(seed, sent, block.AsSpan(0, size));
            await stream.WriteAsync(block.AsMemory(0, size));
            sent += size;
        }
    }

    private static async Task ReceiveAsync(Stream stream, int seed, int length)
    {
        byte[] block = new byte[30_000];
        for (int received = 0; received < length;)
        {
            int size = await stream.ReadAsync(block.AsMemory(0, Math.Min(block.Length, length - received)));
            Assert.That(size, Is.Positive, $"ended after {received}");
            Assert.That(Pattern.Matches(seed, received, block.AsSpan(0, size)), Is.True, $"the bytes from {received} on");
            received += size;
        }
    }
}
