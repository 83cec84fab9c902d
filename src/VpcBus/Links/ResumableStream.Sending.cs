using VpcComApi.VpcBus.Framed;
using VpcComApi.VpcBus.Links.Resumption;

namespace VpcComApi.VpcBus.Links;

/// <content>The loop that writes to a byte link, the caller's writes that wait for it, and the repeated Syncs and Probes.</content>
public sealed partial class ResumableStream
{
    /// <summary>
    /// Bytes in one write to the byte link: padding, a Sync and three full frames, or five full frames, one more than the bus's largest
    /// frame needs.
    /// </summary>
    private const int BatchSize = 5 * (LinkProtocol.HeaderLength + LinkProtocol.MaxPayload);

    private readonly byte[] batch = GC.AllocateUninitializedArray<byte>(BatchSize);
    private readonly WriteSignal wake = new();
    private readonly WriteSignal writable = new();
    private bool senderIdle;
    private TaskCompletionSource? quiet;
    private ulong handedOver;
    private bool writerWaits;
    private ulong? writerNeeds;
    private TimeSpan questionInterval;
    private bool questionPending;

    /// <summary>Writes to a byte link what the session has to send, until the link breaks or nothing may follow.</summary>
    private async Task SendAsync(Stream link, CancellationTokenSource broken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (!broken.IsCancellationRequested)
            {
                int length;
                ulong sent;
                lock (gate)
                {
                    length = session.Collect(batch);
                    sent = session.Sent;
                    if (length == 0)
                    {
                        wake.Reset();
                        senderIdle = true;
                        quiet?.TrySetResult();
                        NoteSettled();
                    }
                    else
                    {
                        AskLater();
                    }
                }

                if (length == 0)
                {
                    // The cancellation may have run before this side was idle.
                    if (broken.IsCancellationRequested)
                    {
                        WakeSender(always: true);
                    }

                    await wake.WaitAsync();
                    continue;
                }

                await link.WriteAsync(batch.AsMemory(0, length), broken.Token);
                lock (gate)
                {
                    handedOver = Math.Max(handedOver, sent);
                }

                ReleaseWriter();
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // What the other side sent before it closed is still read, for a limited time.
            if (!broken.IsCancellationRequested)
            {
                broken.CancelAfter(DrainLimit);
            }
        }
    }

    /// <summary>Starts the sender if it is idle. Outside the gate: the sender may run on the caller's thread for a while.</summary>
    private void WakeSender(bool always = false)
    {
        lock (gate)
        {
            if (!senderIdle || (!always && !session.HasOutput))
            {
                return;
            }

            senderIdle = false;
        }

        wake.Set(onOwnThread: false);
    }

    /// <summary>Continues a waiting write if it can proceed. Outside the gate.</summary>
    private void ReleaseWriter(bool always = false)
    {
        lock (gate)
        {
            bool ready = always || failure is not null || session.EndReceived
                || (writerNeeds is { } needs ? handedOver >= needs : session.Room > 0);
            if (!writerWaits || !ready)
            {
                return;
            }

            writerWaits = false;
        }

        writable.Set(onOwnThread: false);
    }

    private async ValueTask WaitUntilWritableAsync(CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static link => ((ResumableStream)link!).ReleaseWriter(always: true), this))
        {
            await writable.WaitAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Ends when the sender has sent everything, or has ended.</summary>
    private Task<Task> WaitUntilQuietAsync(Task sending)
    {
        lock (gate)
        {
            quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (senderIdle && !session.HasOutput)
            {
                quiet.TrySetResult();
            }

            return Task.WhenAny(quiet.Task, sending);
        }
    }

    /// <summary>
    /// Sends a Sync or a Probe again when no answer has arrived for a while: the question or its answer may be lost.
    /// </summary>
    private void Ask()
    {
        lock (gate)
        {
            questionPending = false;
            if (failure is not null)
            {
                return;
            }

            if (!session.IsSynchronised)
            {
                session.AskAgain();
            }
            else if (session.AwaitsAcknowledgement)
            {
                session.Probe();
            }
            else
            {
                questionInterval = options.QuestionInterval;
                return;
            }

            questionInterval = Shorter(questionInterval * 2, options.LongestQuestionInterval);
            AskLater();
        }

        WakeSender();
    }

    /// <summary>Schedules the next question, in case no answer arrives. Under the gate.</summary>
    private void AskLater()
    {
        if (!questionPending && (!session.IsSynchronised || session.AwaitsAcknowledgement))
        {
            questionPending = true;
            questionTimer.Change(questionInterval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Resets the interval of the questions. Under the gate.</summary>
    private void RestartQuestions()
    {
        questionInterval = options.QuestionInterval;
        questionPending = false;
        AskLater();
    }
}
