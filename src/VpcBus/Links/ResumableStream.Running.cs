using VpcComApi.VpcBus.Links.Resumption;

namespace VpcComApi.VpcBus.Links;

/// <content>One byte link after another, and the loop that reads it.</content>
public sealed partial class ResumableStream
{
    /// <summary>Interruptions at shorter intervals are reported once; otherwise the other side could fill the log.</summary>
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMinutes(1);

    private readonly LinkFrameReader frames = new();
    private bool isClosing;
    private bool arrivedCompleted;
    private long? interruptedAt;
    private bool interruptionReported;

    /// <summary>Uses byte links until the session is over.</summary>
    private async Task RunAsync(Stream? link)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        TimeSpan redial = options.ShortestRedial;
        try
        {
            while (!over.IsCancellationRequested)
            {
                if (link is null)
                {
                    await Task.Delay(redial, options.TimeProvider, over.Token);
                    redial = Shorter(redial * 2, options.LongestRedial);
                    link = await DialAsync();
                    continue;
                }

                bool worked = await UseAsync(link);
                link = null;
                if (worked)
                {
                    redial = options.ShortestRedial;
                }

                if (PeerIsGone())
                {
                    End(new BusException(BusError.LinkLost, "The other side closed the link."));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
        finally
        {
            if (link is not null)
            {
                await CloseByteLinkAsync(link);
            }

            CompleteArrived();
        }
    }

    private async Task<Stream?> DialAsync()
    {
        try
        {
            return await dial(over.Token);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !over.IsCancellationRequested)
        {
            // The other side cannot be reached at the moment. The time limit bounds how long that may last.
            return null;
        }
    }

    /// <summary>Uses a byte link until it breaks or the session is over, and closes it.</summary>
    /// <returns>Whether the two sides have synchronised on it.</returns>
    private async Task<bool> UseAsync(Stream link)
    {
        string reason;
        lock (gate)
        {
            session.Synchronise();
            RestartQuestions();
        }

        bool worked = false;
        using (CancellationTokenSource broken = CancellationTokenSource.CreateLinkedTokenSource(over.Token))
        {
            Task sending = SendAsync(link, broken);
            try
            {
                worked = await ReceiveAsync(link, broken.Token);
                reason = "The byte link ended.";
            }
            catch (BusException failure)
            {
                reason = failure.Message;
                await SendAbortAsync(failure, sending);
                End(failure);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                reason = $"The byte link failed: {failure.Message}";
            }

            await broken.CancelAsync();
            WakeSender(always: true);
            await sending;
        }

        await CloseByteLinkAsync(link);
        lock (gate)
        {
            if (session.IsSynchronised)
            {
                worked = true;
                session.Synchronise();
                NoteInterruption(reason);
            }
        }

        return worked;
    }

    /// <summary>Reads frames until the byte link ends.</summary>
    private async Task<bool> ReceiveAsync(Stream link, CancellationToken cancellationToken)
    {
        frames.Clear();
        bool worked = false;
        while (true)
        {
            int length = await link.ReadAsync(frames.Free, cancellationToken);
            if (length == 0)
            {
                return worked;
            }

            frames.Advance(length);
            worked |= Process();

            if (arrivedCompleted)
            {
                continue;
            }

            // Completes at once: the pipe has no limit of its own; the window is the limit.
            await arrived.Writer.FlushAsync(CancellationToken.None);
        }
    }

    /// <summary>Processes all complete frames that have arrived.</summary>
    private bool Process()
    {
        bool worked = false;
        while (true)
        {
            LinkStep step;
            ReadOnlyMemory<byte> payload;
            lock (gate)
            {
                bool wasSynchronised = session.IsSynchronised;
                LinkFrameReader.Outcome outcome = wasSynchronised
                    ? frames.TryRead(out LinkFrameHeader header, out payload) : frames.TrySeek(out header, out payload);
                if (outcome == LinkFrameReader.Outcome.Incomplete)
                {
                    break;
                }

                step = outcome == LinkFrameReader.Outcome.Damaged ? session.Damage() : session.Receive(header, payload.Span);
                Note(step);
                if (step == LinkStep.Deliver && isClosing)
                {
                    session.Consume(payload.Length);
                    step = LinkStep.Nothing;
                }
            }

            switch (step)
            {
                case LinkStep.Deliver:
                    payload.Span.CopyTo(arrived.Writer.GetSpan(payload.Length));
                    arrived.Writer.Advance(payload.Length);
                    break;
                case LinkStep.End:
                    CompleteArrived();
                    break;
                case LinkStep.Synchronised:
                    worked = true;
                    connected.TrySetResult();
                    break;
            }
        }

        WakeSender();
        ReleaseWriter();
        return worked;
    }

    /// <summary>Updates timers and log after a change of the session. Under the gate.</summary>
    private void Note(LinkStep step)
    {
        if (step == LinkStep.Interrupted)
        {
            RestartQuestions();
            NoteInterruption("Bytes were lost, or the other side has opened a new connection.");
        }
        else if (step == LinkStep.Synchronised)
        {
            RestartQuestions();
            resumeTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (interruptionReported)
            {
                interruptionReported = false;
                LinkLog.Resumed(
                    options.Logger, options.Side, session.Id, (long)options.TimeProvider.GetElapsedTime(
                        interruptedAt!.Value).TotalMilliseconds);
            }
        }

        NoteSettled();
    }

    /// <summary>Whether both directions have ended and both sides know that. Under the gate.</summary>
    private void NoteSettled()
    {
        if (session is { EndAcknowledged: true, EndReceived: true } && senderIdle && !session.HasOutput)
        {
            settled.TrySetResult();
        }
    }

    /// <summary>The transfer of bytes is interrupted. Under the gate.</summary>
    private void NoteInterruption(string reason)
    {
        if (failure is not null || PeerIsGone())
        {
            return;
        }

        resumeTimer.Change(options.ResumeTimeout, Timeout.InfiniteTimeSpan);
        if (interruptedAt is not { } last || options.TimeProvider.GetElapsedTime(last) >= ReportInterval)
        {
            interruptedAt = options.TimeProvider.GetTimestamp();
            interruptionReported = true;
            LinkLog.Interrupted(options.Logger, options.Side, session.Id, reason);
        }
    }

    /// <summary>Whether the other side has ended the stream, so that it will not connect again after its byte link has ended.</summary>
    private bool PeerIsGone()
    {
        lock (gate)
        {
            return session.EndReceived;
        }
    }

    private async Task SendAbortAsync(BusException failure, Task sending)
    {
        lock (gate)
        {
            session.Abort(failure);
        }

        WakeSender();
        try
        {
            await WaitUntilQuietAsync(sending).WaitAsync(AbortLimit, options.TimeProvider);
        }
        catch (TimeoutException)
        {
            // The byte link accepts no bytes. The other side detects the end by its own time limit.
        }
    }

    /// <summary>No more bytes will arrive. Called by the read loop only, which is the only user of that end of the pipe.</summary>
    private void CompleteArrived()
    {
        if (!arrivedCompleted)
        {
            arrivedCompleted = true;
            arrived.Writer.Complete();
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static async Task CloseByteLinkAsync(Stream link)
    {
        try
        {
            await link.DisposeAsync();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A link that fails while it is being closed counts as closed.
        }
    }
}
