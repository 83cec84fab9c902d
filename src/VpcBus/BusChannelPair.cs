using System.IO.Pipelines;
using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Diagnostics;
using VpcComApi.VpcBus.Framed;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus;

/// <summary>
/// Two bus channels that were opened together, one for each direction. Each direction ends independently: completing <see cref="Output"/>
/// lets the other side read the end after the last byte, and <see cref="Input"/> stays open.
/// </summary>
/// <remarks>
/// Both ends are bounded. A flush of <see cref="Output"/> waits while the other side does not read. A reader of <see cref="Input"/> must
/// consume what it reads: one that only examines the bytes gets no more than the window (<see cref="BusOptions.Window"/>).
/// </remarks>
public sealed class BusChannelPair : IAsyncDisposable, IControlSource
{
    private readonly BusConnection bus;
    private readonly ChannelWriter output;
    private readonly ChannelReader input;
    private readonly ChannelHistory history;
    private readonly long opened;
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BusException? failure;
    private byte[]? resetReason;
    private BusError resetCause;
    private bool resetPending;
    private bool resetSent;
    private bool resetReceived;

    internal BusChannelPair(
        BusConnection bus, uint number, string service, int sendWindow, ChannelHistory history, IChannelTransport transport)
    {
        this.bus = bus;
        this.history = history;
        Transport = transport;
        Number = number;
        Service = service;
        BusSide own = bus.Side;
        OutputChannelId = (int)BusProtocol.ChannelOf(number, own);
        InputChannelId = (int)BusProtocol.ChannelOf(number, own == BusSide.Host ? BusSide.Guest : BusSide.Host);
        (output, input) = transport.Open(bus, this, sendWindow);
        opened = bus.Options.TimeProvider.GetTimestamp();
        this.history.Note(ChannelEventKind.Accepted);
        BusMetrics.PairOpened();

        // Observed here, so that a failure which no caller awaits is not reported as an unobserved exception.
        _ = completion.Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>The service that the pair was opened for.</summary>
    public string Service { get; }

    /// <summary>
    /// The number of the channel that this side sends on, the same on both sides: even from host to guest, odd from guest to host.
    /// </summary>
    public int OutputChannelId { get; }

    /// <summary>The number of the channel that this side receives on.</summary>
    public int InputChannelId { get; }

    /// <summary>
    /// Bytes to the other side. <see cref="PipeWriter.CompleteAsync"/> ends the direction after the last byte. A flush whose
    /// <see cref="FlushResult.IsCompleted"/> is set says that the other side reads no more. Fails with a <see cref="BusException"/>
    /// when the pair is reset or the bus ends.
    /// </summary>
    public PipeWriter Output => output;

    /// <summary>
    /// Bytes from the other side, up to its end. If it is completed earlier, the other side learns that nobody reads any more. Fails with a
    /// <see cref="BusException"/> when the pair is reset or the bus ends before the end has arrived; bytes that were not read until then
    /// are lost.
    /// </summary>
    public PipeReader Input => input;

    /// <summary>
    /// Ends when the last byte of <see cref="Output"/> and its end are handed to the link, or the other side has stopped reading. Fails
    /// with a <see cref="BusException"/> when that cannot happen any more.
    /// </summary>
    public Task OutputCompletion => output.OutputCompletion;

    /// <summary>Ends when both directions have ended; fails with a <see cref="BusException"/> when they did not end in order.</summary>
    public Task Completion => completion.Task;

    /// <summary>The pair's recent events, oldest first, from its offer on. Bounded: when it is full, the oldest are removed.</summary>
    public IReadOnlyList<ChannelEvent> Events => history.ToList();

    /// <summary>The number of the pair on its bus.</summary>
    internal uint Number { get; }

    /// <summary>Why the pair has failed, or null if it has not.</summary>
    internal BusException? Failure => Volatile.Read(ref failure);

    /// <summary>The transport of the pair's bytes.</summary>
    internal IChannelTransport Transport { get; }

    /// <summary>The pair's slot in the bus's transport, or -1 when it has none.</summary>
    internal int Slot => Transport.Slot;

    /// <summary>Whether the other side has reset the pair, so that nothing more may come from it. Guarded by the gate.</summary>
    internal bool IsResetByPeer => resetReceived;

    bool IControlSource.IsQueued { get; set; }

    /// <summary>Guarded by the gate.</summary>
    internal ChannelWriter Writer => output;

    /// <summary>Guarded by the gate.</summary>
    internal ChannelReader Reader => input;

    /// <summary>
    /// Resets both directions at once: bytes under way are dropped, and the other side gets a <see cref="BusException"/> with
    /// <see cref="BusError.ChannelReset"/> and the reason's text, cut to <see cref="BusOptions.MaxReasonLength"/> bytes.
    /// Does nothing to a pair that has ended.
    /// </summary>
    /// <param name="reason">Why; null for no particular reason.</param>
    public void Abort(BusException? reason = null)
    {
        lock (bus.Gate)
        {
            Reset(reason ?? new BusException(BusError.ChannelReset, $"This side reset the channel pair of '{Service}'."));
        }

        bus.WakeWriter();
    }

    /// <summary>
    /// Ends both directions in order: completes <see cref="Output"/> and <see cref="Input"/> and waits until the bytes written so far
    /// are on the link, at most <see cref="BusOptions.CloseTimeout"/>; then resets the pair. Never throws a bus error.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await output.CompleteAsync();
        await input.CompleteAsync();
        try
        {
            await Completion.WaitAsync(bus.Options.CloseTimeout, bus.Options.TimeProvider);
        }
        catch (TimeoutException)
        {
            Abort(new BusException(
                BusError.TimedOut,
                $"The channel pair of '{Service}' did not end within {bus.Options.CloseTimeout.TotalSeconds:0.###} s after it was "
                    + "closed."));
        }
        catch (BusException)
        {
            // Completion reports the failure.
        }
    }

    void IControlSource.WriteControl(ref FrameWriter writer)
    {
        if (completion.Task.IsCompleted)
        {
            return;
        }

        if (resetPending)
        {
            resetPending = false;
            resetSent = true;
            writer.Write(FrameType.Reset, Number, (uint)resetCause, resetReason!);
            FinishIfOver();
            return;
        }

        input.WriteControl(ref writer);
        output.WriteControl(ref writer);
    }

    /// <summary>Begins to move the pair's bytes to and from a local stream without <see cref="Output"/> and <see cref="Input"/>.</summary>
    /// <param name="local">The stream.</param>
    /// <param name="resetEnds">Whether a reset of the local connection counts as a normal end of its bytes.</param>
    /// <returns>Null when the transport cannot do that, or one of the two has been used.</returns>
    internal IDirectRelay? TryRelay(Stream local, bool resetEnds) => Transport.TryRelay(local, this, resetEnds);

    /// <summary>The other side has violated the protocol on a ring of this pair: ends the bus.</summary>
    internal void EndAsCorrupt(BusException corrupt) => bus.EndAsCorrupt(corrupt);

    /// <summary>Resets the pair from this side. Under the gate.</summary>
    internal void Reset(BusException reason)
    {
        if (failure is not null || completion.Task.IsCompleted)
        {
            return;
        }

        history.Note(ChannelEventKind.Reset, reason.Message);
        RequestReset(reason.Error, reason.Message);
        FailDirections(reason);
    }

    /// <summary>The other side reset the pair. Under the gate.</summary>
    internal void ReceiveReset(string reason)
    {
        resetReceived = true;
        if (failure is null)
        {
            history.Note(ChannelEventKind.ResetByPeer, reason);
            RequestReset(BusError.ChannelReset, "");
            FailDirections(new BusException(
                BusError.ChannelReset,
                reason.Length == 0 ? $"The other side reset the channel pair of '{Service}'."
                    : $"The other side reset the channel pair of '{Service}': {reason}"));
        }

        FinishIfOver();
    }

    /// <summary>One direction has ended in order. Under the gate.</summary>
    internal void EndFinished() => FinishIfOver();

    /// <summary>The bus ended. Under the gate.</summary>
    internal void FailWithBus(BusException failure)
    {
        resetPending = false;
        if (this.failure is null)
        {
            history.Note(ChannelEventKind.BusEnded, failure.Message);
            FailDirections(failure);
        }

        Fail();
        Transport.Leave();
    }

    /// <summary>Records an event of one of the directions.</summary>
    internal void Note(ChannelEventKind kind) => history.Note(kind);

    /// <summary>Payload bytes sent and received so far. Under the gate.</summary>
    internal (long Sent, long Received) Bytes => (output.BytesSent, input.BytesReceived);

    /// <summary>Adds the statistics of both channels. Under the gate.</summary>
    internal void AddStatistics(List<BusChannelStatistics> statistics)
    {
        TimeSpan age = bus.Options.TimeProvider.GetElapsedTime(opened);
        statistics.Add(new(OutputChannelId, Service, ChannelDirection.Sending, output.BytesSent, output.Stalls, age)
        {
            FreeWindow = output.FreeWindow,
            IsStalled = output.IsStalled,
            WaitingBytes = output.WaitingBytes,
            HasEnded = output.EndSent,
        });
        statistics.Add(new(InputChannelId, Service, ChannelDirection.Receiving, input.BytesReceived, input.Stalls, age)
        {
            FreeWindow = input.FreeWindow,
            IsStalled = input.IsStalled,
            WaitingBytes = input.WaitingBytes,
            HasEnded = input.EndReceived,
        });
    }

    private void RequestReset(BusError cause, string reason)
    {
        resetPending = true;
        resetCause = cause;
        resetReason = BusText.Encode(reason, BusOptions.MaxReasonLength);
        bus.QueueControl(this);
    }

    private void FailDirections(BusException failure)
    {
        // A separate exception for this pair, because it contains the events of this pair.
        this.failure = new BusException(failure.Error, failure.Message, failure) { ChannelEvents = Events };
        output.Fail(this.failure);
        input.Fail(this.failure);
    }

    private void Fail()
    {
        BusMetrics.PairFailed(failure!.Error);
        completion.TrySetException(failure);
    }

    private void FinishIfOver()
    {
        bool ended = output.EndSent && input.EndReceived;
        if (!ended && !(resetSent && resetReceived))
        {
            return;
        }

        if (failure is null)
        {
            history.Note(ChannelEventKind.Ended);
            completion.TrySetResult();
        }
        else
        {
            Fail();
        }

        bus.Forget(this);
        Transport.Leave();
    }
}
