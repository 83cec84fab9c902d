using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using VpcComApi.VpcBus.Links.Resumption;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Links;

/// <summary>
/// A reliable byte stream over unreliable byte links, which can break and be opened again, deliver bytes of an earlier connection, or lose
/// bytes. Every byte arrives once and in order, or the stream fails on both sides with a <see cref="BusException"/>. The protocol is in
/// docs/vpcbus.md.
/// </summary>
/// <remarks>
/// <para>A delegate opens one byte link after another. Each has a read loop and a write loop; neither waits for the other or for a caller,
/// because a window bounds what may arrive and what was sent is kept until it is acknowledged. A write returns when its bytes were passed
/// to a byte link, so a link that stalls blocks its writers.</para>
/// <para>After an interruption, bytes that the other side has not received are sent again. A new session on the other side, an interruption
/// that lasts too long, or a gap that neither side can fill ends this session with <see cref="BusError.LinkLost"/>; what arrived before can
/// still be read. One reader and one writer at a time.</para>
/// </remarks>
public sealed partial class ResumableStream : Stream, IRingLink
{
    /// <summary>How long a failing link tries to send the reason to the other side.</summary>
    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(1);

    /// <summary>How long a byte link to which nothing can be written any more is still read.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    private readonly ResumableStreamOptions options;
    private readonly Func<CancellationToken, Task<Stream>> dial;
    private readonly LinkSession session;
    private readonly Lock gate = new();
    private readonly Pipe arrived = new(new PipeOptions(
        pauseWriterThreshold: 0, resumeWriterThreshold: 0, readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));

    private readonly TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource over = new();
    private readonly ITimer resumeTimer;
    private readonly ITimer questionTimer;
    private BusException? failure;
    private Task running = Task.CompletedTask;
    private Task? disposing;

    private ResumableStream(Func<CancellationToken, Task<Stream>> dial, ResumableStreamOptions options)
    {
        this.dial = dial;
        this.options = options;
        session = new LinkSession(options.Side, options.Window, options.ReplayBuffer);
        resumeTimer = options.TimeProvider.CreateTimer(
            static link => ((ResumableStream)link!).GiveUpWaiting(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        questionTimer = options.TimeProvider.CreateTimer(
            static link => ((ResumableStream)link!).Ask(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        questionInterval = options.QuestionInterval;
        _ = connected.Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Begins a session and waits until the other side has joined it.</summary>
    /// <param name="dial">Opens the next byte link, one call at a time. The resumable link owns it and closes it, when it has ended or is
    /// not needed any more, before it requests the next one. A failure of the first call is thrown to the caller; after later failures it
    /// is called again, until <see cref="ResumableStreamOptions.ResumeTimeout"/> has passed.</param>
    /// <param name="options">Which side this is, and its limits.</param>
    /// <param name="cancellationToken">Cancels the attempt. There is no other limit: the other side may not have been started yet.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="BusException">
    /// The two sides cannot communicate: both are the same side, or they have no common revision.
    /// </exception>
    public static async Task<ResumableStream> ConnectAsync(
        Func<CancellationToken, Task<Stream>> dial, ResumableStreamOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dial);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Stream first = await dial(cancellationToken);
        ResumableStream link = new(dial, options);
        link.running = link.RunAsync(first);
        try
        {
            await link.connected.Task.WaitAsync(cancellationToken);
            return link;
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A bus over this stream may use the memory and the doorbell of the device, after the previous bus has released them.
    /// </summary>
    async ValueTask<RingHandover?> IRingLink.PrepareRingsAsync(TimeProvider timeProvider, CancellationToken cancellationToken) =>
        options.Rings is { } device && await device.ReserveAsync(timeProvider, cancellationToken) ? new DeviceHandover(device) : null;

    /// <summary>Reads what has arrived. Returns 0 once the other side has closed the link in order.</summary>
    /// <exception cref="BusException">The session is lost, and everything that arrived before has been read.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadResult read = await arrived.Reader.ReadAsync(cancellationToken);
        int length = (int)Math.Min(read.Buffer.Length, buffer.Length);
        read.Buffer.Slice(0, length).CopyTo(buffer.Span);
        arrived.Reader.AdvanceTo(read.Buffer.GetPosition(length));
        lock (gate)
        {
            if (length == 0 && buffer.Length > 0 && !session.EndReceived)
            {
                ObjectDisposedException.ThrowIf(isClosing, this);
                throw failure!;
            }

            session.Consume(length);
        }

        WakeSender();
        return length;
    }

    /// <summary>Writes bytes. Returns when they were passed to a byte link; from then on they are sent again if necessary.</summary>
    /// <exception cref="BusException">The session is lost, or the other side has closed the link.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; some of the bytes may have been written.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ulong? end = null;
        while (true)
        {
            lock (gate)
            {
                // The other side may close the link as soon as it has these bytes. They were written nevertheless.
                if (buffer.IsEmpty && handedOver >= end)
                {
                    return;
                }

                ThrowIfOver();
                buffer = buffer[session.Write(buffer.Span)..];
                end = session.Written;
            }

            // The sender may run on this thread and have finished when the call returns.
            WakeSender();
            lock (gate)
            {
                if (buffer.IsEmpty ? handedOver >= end : session.Room > 0)
                {
                    continue;
                }

                ThrowIfOver();
                writable.Reset();
                writerWaits = true;
                writerNeeds = buffer.IsEmpty ? end : null;
            }

            await WaitUntilWritableAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write to it asynchronously.");

    /// <summary>
    /// Closes the link: the other side reads the end after the last byte. Waits until it has acknowledged that and has closed too, at most
    /// <see cref="ResumableStreamOptions.CloseTimeout"/>; bytes that arrive meanwhile are dropped. Never throws a bus error.
    /// </summary>
    public override async ValueTask DisposeAsync()
    {
        Task disposing;
        lock (gate)
        {
#pragma warning disable RS0030 // The caller holds the gate; each disposal awaits the task.
            disposing = this.disposing ??= Task.Run(CloseAsync);
#pragma warning restore RS0030
        }

        await disposing;
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (gate)
            {
#pragma warning disable RS0030 // The caller holds the gate; each disposal awaits the task.
                this.disposing ??= Task.Run(CloseAsync);
#pragma warning restore RS0030
            }
        }

        base.Dispose(disposing);
    }

    private static BusException Closed() => new(BusError.Closed, "This side closed the link.");

    private async Task CloseAsync()
    {
        bool connected;
        lock (gate)
        {
            connected = this.connected.Task.IsCompletedSuccessfully && failure is null;
            session.WriteEnd();
            isClosing = true;
        }

        arrived.Reader.CancelPendingRead();
        WakeSender();
        if (connected)
        {
            await Task.WhenAny(settled.Task, Task.Delay(options.CloseTimeout, options.TimeProvider, over.Token));
        }

        End(Closed());
        await running;
        await resumeTimer.DisposeAsync();
        await questionTimer.DisposeAsync();
        over.Dispose();
    }

    /// <summary>Ends the session on this side, for the first reason given.</summary>
    private void End(BusException failure)
    {
        lock (gate)
        {
            if (this.failure is not null)
            {
                return;
            }

            this.failure = failure;
        }

        if (failure.Error != BusError.Closed)
        {
            LinkLog.Lost(options.Logger, options.Side, session.Id, failure.Error, failure.Message);
        }

        connected.TrySetException(failure);
        settled.TrySetResult();
        over.Cancel();
        ReleaseWriter(always: true);
    }

    private void ThrowIfOver()
    {
        ObjectDisposedException.ThrowIf(isClosing, this);
        if (failure is not null)
        {
            throw failure;
        }

        if (session.EndReceived)
        {
            throw new BusException(BusError.LinkLost, "The other side closed the link.");
        }
    }

    /// <summary>The interruption has lasted too long.</summary>
    private void GiveUpWaiting()
    {
        lock (gate)
        {
            if (session.IsSynchronised)
            {
                return;
            }
        }

        End(new BusException(
            BusError.LinkLost,
            $"The other side of the link did not come back within {options.ResumeTimeout.TotalSeconds:0.###} s."));
    }
}
