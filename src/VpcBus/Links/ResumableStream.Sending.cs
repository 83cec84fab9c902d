using VpcComApi.VpcBus.Framed;
using VpcComApi.VpcBus.Links.Resumption;

namespace VpcComApi.VpcBus.Links;

/// <content>The loop that writes a byte link, the caller's writes that wait for it, and the questions that it asks.</content>
public sealed partial class ResumableStream
{
    /// <summary>
    /// Bytes that go to the byte link in one write: padding, a Sync and three full frames, or five of them, one more than the bus's largest
    /// frame needs.
    /// </summary>
    private const int BatchSize = 5 * (LinkProtocol.HeaderLength + LinkProtocol.MaxPayload);

    private readonly byte[] _batch = GC.AllocateUninitializedArray<byte>(BatchSize);
    private readonly WriteSignal _wake = new();
    private readonly WriteSignal _writable = new();
    private bool _senderIdle;
    private TaskCompletionSource? _quiet;
    private ulong _handedOver;
    private bool _writerWaits;
    private ulong? _writerNeeds;
    private TimeSpan _questionInterval;
    private bool _questionPending;

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
                lock (_gate)
                {
                    length = _session.Collect(_batch);
                    sent = _session.Sent;
                    if (length == 0)
                    {
                        _wake.Reset();
                        _senderIdle = true;
                        _quiet?.TrySetResult();
                        NoteSettled();
                    }
                    else
                    {
                        AskLater();
                    }
                }

                if (length == 0)
                {
                    // The cancellation may have looked before this side was idle.
                    if (broken.IsCancellationRequested)
                    {
                        WakeSender(always: true);
                    }

                    await _wake.WaitAsync();
                    continue;
                }

                await link.WriteAsync(_batch.AsMemory(0, length), broken.Token);
                lock (_gate)
                {
                    _handedOver = Math.Max(_handedOver, sent);
                }

                ReleaseWriter();
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // What the other side sent before it went is still read, for a while.
            if (!broken.IsCancellationRequested)
            {
                broken.CancelAfter(DrainLimit);
            }
        }
    }

    /// <summary>Sets the sender going if it is idle. Outside the gate: it may run on the caller's thread for a while.</summary>
    private void WakeSender(bool always = false)
    {
        lock (_gate)
        {
            if (!_senderIdle || (!always && !_session.HasOutput))
            {
                return;
            }

            _senderIdle = false;
        }

        _wake.Set(onOwnThread: false);
    }

    /// <summary>Sets a waiting write going if what it waits for is there. Outside the gate.</summary>
    private void ReleaseWriter(bool always = false)
    {
        lock (_gate)
        {
            bool ready = always || _failure is not null || _session.EndReceived
                || (_writerNeeds is { } needs ? _handedOver >= needs : _session.Room > 0);
            if (!_writerWaits || !ready)
            {
                return;
            }

            _writerWaits = false;
        }

        _writable.Set(onOwnThread: false);
    }

    private async ValueTask WaitUntilWritableAsync(CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static link => ((ResumableStream)link!).ReleaseWriter(always: true), this))
        {
            await _writable.WaitAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Ends when the sender has sent everything, or has ended.</summary>
    private Task<Task> WaitUntilQuietAsync(Task sending)
    {
        lock (_gate)
        {
            _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_senderIdle && !_session.HasOutput)
            {
                _quiet.TrySetResult();
            }

            return Task.WhenAny(_quiet.Task, sending);
        }
    }

    /// <summary>
    /// Asks the other side what it has to say when nothing was heard of it for a while: a question or its answer may be lost.
    /// </summary>
    private void Ask()
    {
        lock (_gate)
        {
            _questionPending = false;
            if (_failure is not null)
            {
                return;
            }

            if (!_session.IsSynchronised)
            {
                _session.AskAgain();
            }
            else if (_session.AwaitsAcknowledgement)
            {
                _session.Probe();
            }
            else
            {
                _questionInterval = _options.QuestionInterval;
                return;
            }

            _questionInterval = Shorter(_questionInterval * 2, _options.LongestQuestionInterval);
            AskLater();
        }

        WakeSender();
    }

    /// <summary>Sees to it that a question follows if no answer comes. Under the gate.</summary>
    private void AskLater()
    {
        if (!_questionPending && (!_session.IsSynchronised || _session.AwaitsAcknowledgement))
        {
            _questionPending = true;
            _questionTimer.Change(_questionInterval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The next question is a first one. Under the gate.</summary>
    private void RestartQuestions()
    {
        _questionInterval = _options.QuestionInterval;
        _questionPending = false;
        AskLater();
    }
}
