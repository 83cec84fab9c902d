using VpcComApi.VpcBus.Links.Resumption;

namespace VpcComApi.VpcBus.Links;

/// <content>One byte link after another, and the loop that reads it.</content>
public sealed partial class ResumableStream
{
    /// <summary>Interruptions that follow each other faster are reported once: the other side could fill the log with them.</summary>
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
            // Nobody is there at the moment. The time limit decides how long that may be.
            return null;
        }
    }

    /// <summary>Uses a byte link until it breaks or the session is over, and closes it.</summary>
    /// <returns>Whether the two sides found each other on it.</returns>
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
                await SayLastWordsAsync(failure, sending);
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

            // Completes at once: the pipe has no limit of its own, the window is the limit.
            await arrived.Writer.FlushAsync(CancellationToken.None);
        }
    }

    /// <summary>Takes all whole frames that have come.</summary>
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

    /// <summary>Keeps the timers and the log in step with the session. Under the gate.</summary>
    private void Note(LinkStep step)
    {
        if (step == LinkStep.Interrupted)
        {
            RestartQuestions();
            NoteInterruption("Bytes were lost, or the other side connected anew.");
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

    /// <summary>Whether both directions have ended and each side knows that of the other. Under the gate.</summary>
    private void NoteSettled()
    {
        if (session is { EndAcknowledged: true, EndReceived: true } && senderIdle && !session.HasOutput)
        {
            settled.TrySetResult();
        }
    }

    /// <summary>Bytes have stopped flowing. Under the gate.</summary>
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

    /// <summary>Whether the other side has ended the stream, so that it does not come back once its byte link has ended.</summary>
    private bool PeerIsGone()
    {
        lock (gate)
        {
            return session.EndReceived;
        }
    }

    private async Task SayLastWordsAsync(BusException failure, Task sending)
    {
        lock (gate)
        {
            session.Abort(failure);
        }

        WakeSender();
        try
        {
            await WaitUntilQuietAsync(sending).WaitAsync(LastWordsLimit, options.TimeProvider);
        }
        catch (TimeoutException)
        {
            // The byte link takes nothing. The other side finds out by its own limit.
        }
    }

    /// <summary>Nothing arrives any more. Only the loop that reads calls this: nobody else touches that end of the pipe.</summary>
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
            // A link that fails while it is closed is closed.
        }
    }
}
