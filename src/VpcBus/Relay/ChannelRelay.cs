using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace VpcComApi.VpcBus;

/// <summary>
/// Copies bytes between a local stream (a pipe, a socket) and a channel pair, in both directions at once. The one copy loop of host and
/// guest.
/// </summary>
/// <remarks>
/// Each direction waits when the side it writes to is full, and passes on the end by itself. Bytes go from the stream into the bus's
/// buffer and from the bus's buffer to the stream without another copy. Between a socket and a pair whose data travels through shared
/// memory the process's event loop moves them, straight from the one to the other.
/// </remarks>
public static class ChannelRelay
{
    /// <summary>Bytes that are read at once when they are only dropped.</summary>
    private const int DropSize = 4096;

    /// <summary>How often to look whether a connection has delivered its last bytes.</summary>
    private static readonly TimeSpan DeliveryLook = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Relays until both directions have ended or one side fails. When it returns, every byte that was read from
    /// <paramref name="local"/> before its end is on the bus's link, unless the bus failed. Neither the stream nor the pair is closed:
    /// that is for the caller, who closes <paramref name="local"/> first and disposes the pair then; after a failure of the bus or a
    /// cancellation the pair is already reset.
    /// </summary>
    /// <param name="local">A stream that can be read and written at once, and whose pending read ends when its token fires.</param>
    /// <param name="pair">The pair; the relay is its only user.</param>
    /// <param name="options">What the relay must know about the stream; null: it has no half-close.</param>
    /// <param name="cancellationToken">Ends both directions at once and resets the pair.</param>
    /// <returns>How it went. Failures of either side are reported here and never thrown.</returns>
    public static async Task<ChannelRelayResult> RunAsync(
        Stream local, BusChannelPair pair, ChannelRelayOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(pair);
        using var stopReadingLocal = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var relay = new RelayRun(local, pair, options ?? new ChannelRelayOptions(), stopReadingLocal, cancellationToken);
        return await relay.RunAsync();
    }

    /// <summary>One relay under way.</summary>
    private sealed class RelayRun(
        Stream local, BusChannelPair pair, ChannelRelayOptions options, CancellationTokenSource stopReadingLocal,
        CancellationToken cancellationToken)
    {
        private readonly Lock _gate = new();

        /// <summary>Moves the bytes, where it can; otherwise null, and this class copies them.</summary>
        private SocketRelay? _direct;

        /// <summary>Reading no bytes from a socket waits until there are some; other streams make nothing of it.</summary>
        private readonly bool _waitsOnEmptyRead = local is NetworkStream;

        private bool _localWasDrained = true;
        private long _bytesToBus;
        private long _bytesFromBus;
        private bool _localGone;
        private bool _localComplete;
        private RelaySide _failedSide;
        private Exception? _failure;

        public async Task<ChannelRelayResult> RunAsync()
        {
            using SocketRelay? direct = cancellationToken.IsCancellationRequested
                ? null : SocketRelay.TryStart(local, pair, options.ResetEndsLocal);
            _direct = direct;
            using CancellationTokenRegistration stopDirectReading = stopReadingLocal.Token.UnsafeRegister(
                static relay => ((SocketRelay?)relay)?.StopReading(), direct);
            using CancellationTokenRegistration stopDirectWriting = cancellationToken.UnsafeRegister(
                static relay => ((SocketRelay?)relay)?.StopWriting(), direct);
            Task stopping = StopReadingWhenOutputEndsAsync();
            Task fromBus = CopyFromBusAsync();
            Task toBus = CopyToBusAsync(fromBus);
            await Task.WhenAll(toBus, fromBus, stopping);
            if (cancellationToken.IsCancellationRequested)
            {
                Report(RelaySide.Canceled, new OperationCanceledException(cancellationToken));
                pair.Abort(new BusException(BusError.ChannelReset, "The relay was cancelled."));
            }

            return new ChannelRelayResult(_bytesToBus, _bytesFromBus, _failedSide, _failure)
            {
                IsLocalComplete = _localComplete,
                ChannelEvents = _failedSide == RelaySide.None ? [] : pair.Events,
            };
        }

        private async Task CopyToBusAsync(Task fromBus)
        {
            PipeWriter output = pair.Output;
            try
            {
                bool dropped = false;
                bool peerStopped = false;
                bool localFailed = false;
                if (_direct is not null)
                {
                    SocketRelayEnd end = await _direct.ToBus;
                    cancellationToken.ThrowIfCancellationRequested();
                    _bytesToBus = _direct.BytesToBus;
                    peerStopped = end.Kind == SocketRelayEndKind.PeerStopped;
                    localFailed = end.Kind == SocketRelayEndKind.LocalFailed;
                    if (localFailed)
                    {
                        Report(RelaySide.Local, end.Failure!);
                    }
                }

                while (_direct is null && !dropped && await ReadLocalAsync(output) is > 0 and int length)
                {
                    output.Advance(length);
                    dropped = (await output.FlushAsync(cancellationToken)).IsCompleted;
                    _bytesToBus += dropped ? 0 : length;
                }

                if (peerStopped && BytesWaitInLocal())
                {
                    // Its program is in the middle of writing, and learns by the close that nobody reads; but first it gets what is on its way to it.
                    dropped = true;
                    await WaitUntilDeliveredAsync(fromBus);
                }
                else if (peerStopped || pair.OutputCompletion.IsCompletedSuccessfully)
                {
                    // Ended before this side completed it, so by the other end. That is a failure only if somebody still had to say something.
                    dropped |= await DropLocalAsync(fromBus);
                }

                if (dropped)
                {
                    Report(RelaySide.Bus, new BusException(BusError.ChannelReset, $"The other end of '{pair.Service}' reads no more."));
                }

                // Asked in any case: the owner may want to know the moment.
                bool localGone = options.LocalEnded?.Invoke() ?? options.HalfCloseLocal is null;
                localGone |= localFailed;
                output.Complete();
                await pair.OutputCompletion.WaitAsync(cancellationToken);
                if (localGone)
                {
                    _localGone = true;
                    pair.Input.CancelPendingRead();
                    _direct?.StopWriting();
                }
            }
            catch (BusException failure)
            {
                Report(RelaySide.Bus, failure);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The run reports it. Without this the end mark would tell the other side that these were all bytes.
                pair.Abort(new BusException(BusError.ChannelReset, "The relay was cancelled."));
            }

            output.Complete();
        }

        /// <summary>Reads from the local stream straight into the bus's buffer.</summary>
        /// <returns>Bytes read; 0 when no more will come, for whatever reason.</returns>
        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        private async ValueTask<int> ReadLocalAsync(PipeWriter output)
        {
            try
            {
                if (_localWasDrained && _waitsOnEmptyRead)
                {
                    // No block of the bus's buffer is held while the local stream has nothing to say.
                    _ = await local.ReadAsync(Memory<byte>.Empty, stopReadingLocal.Token);
                }

                Memory<byte> target = output.GetMemory();
                int length = await local.ReadAsync(target, stopReadingLocal.Token);
                _localWasDrained = length < target.Length;
                return length;
            }
            catch (IOException reset) when (
                options.ResetEndsLocal && reset.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
            {
                return 0;
            }
            catch (Exception failure)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!stopReadingLocal.IsCancellationRequested)
                {
                    Report(RelaySide.Local, failure);
                }

                return 0;
            }
        }

        /// <summary>Reads the local stream to its end, but not for ever, and drops the bytes: the bus does not take them.</summary>
        /// <returns>Whether there were any.</returns>
        private async Task<bool> DropLocalAsync(Task fromBus)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task limiting = LimitAsync();
            byte[] buffer = ArrayPool<byte>.Shared.Rent(DropSize);
            bool dropped = false;
            try
            {
                while (await local.ReadAsync(buffer, limit.Token) > 0)
                {
                    dropped = true;
                }
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The end of the stream, one way or the other.
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            await limit.CancelAsync();
            await limiting;
            return dropped;

            async Task LimitAsync()
            {
                await Task.WhenAny(fromBus, Task.Delay(Timeout.InfiniteTimeSpan, limit.Token));
                if (!limit.IsCancellationRequested)
                {
                    limit.CancelAfter(options.LingerLimit);
                }
            }
        }

        private async Task CopyFromBusAsync()
        {
            PipeReader input = pair.Input;
            try
            {
                if (_direct is not null)
                {
                    await MoveFromBusAsync(_direct);
                    return;
                }

                while (true)
                {
                    ReadResult read = await input.ReadAsync(cancellationToken);
                    if (_localGone)
                    {
                        return;
                    }

                    foreach (ReadOnlyMemory<byte> block in read.Buffer)
                    {
                        if (!await WriteLocalAsync(block))
                        {
                            return;
                        }

                        _bytesFromBus += block.Length;
                    }

                    input.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted)
                    {
                        _localComplete = true;
                        await EndLocalAsync();
                        return;
                    }
                }
            }
            catch (BusException failure)
            {
                Report(RelaySide.Bus, failure);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The run reports it.
            }
            finally
            {
                // Before the end of the bytes, this tells the other side that nobody reads.
                input.Complete();
            }
        }

        /// <summary>
        /// Waits until the local stream's other end has got everything, but not for ever. A Unix socket delivers what was written to it even when it is
        /// closed with unread bytes; a TCP connection is reset then, and what has not arrived is lost.
        /// </summary>
        private async Task WaitUntilDeliveredAsync(Task fromBus)
        {
            if (local is not NetworkStream { Socket: { AddressFamily: not AddressFamily.Unix } socket })
            {
                return;
            }

            await fromBus.WaitAsync(cancellationToken);
            long began = Environment.TickCount64;
            while (Linux.Libc.ioctl(socket.SafeHandle, Linux.Libc.SIOCOUTQ, out int onTheWay) == 0 && onTheWay > 0
                && Environment.TickCount64 - began < options.LingerLimit.TotalMilliseconds)
            {
                await Task.Delay(DeliveryLook, cancellationToken);
            }
        }

        private bool BytesWaitInLocal()
        {
            try
            {
                return ((NetworkStream)local).Socket.Available > 0;
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }

        private async Task MoveFromBusAsync(SocketRelay direct)
        {
            SocketRelayEnd end = await direct.FromBus;
            _bytesFromBus = direct.BytesFromBus;
            cancellationToken.ThrowIfCancellationRequested();
            switch (end.Kind)
            {
                case SocketRelayEndKind.EndOfBytes:
                    _localComplete = true;
                    await EndLocalAsync();
                    break;
                case SocketRelayEndKind.LocalFailed:
                    Report(RelaySide.Local, end.Failure!);
                    break;
                default:
                    if (pair.Failure is { } failure && !_localGone)
                    {
                        Report(RelaySide.Bus, failure);
                    }

                    break;
            }
        }

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        private async ValueTask<bool> WriteLocalAsync(ReadOnlyMemory<byte> block)
        {
            try
            {
                await local.WriteAsync(block, cancellationToken);
                return true;
            }
            catch (Exception failure)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Report(RelaySide.Local, failure);
                return false;
            }
        }

        /// <summary>The bus has no more bytes: tells the local stream's other end, or ends the relay when that cannot be told.</summary>
        private async ValueTask EndLocalAsync()
        {
            if (options.HalfCloseLocal is null)
            {
                await stopReadingLocal.CancelAsync();
                return;
            }

            try
            {
                await options.HalfCloseLocal(cancellationToken);
            }
            catch (Exception failure)
            {
                cancellationToken.ThrowIfCancellationRequested();

                // Its other end is gone already; reading it will tell.
                Report(RelaySide.Local, failure);
            }
        }

        /// <summary>When the bus takes no more bytes, ends a read of a local stream that may have nothing to say for hours.</summary>
        private async Task StopReadingWhenOutputEndsAsync()
        {
            await pair.OutputCompletion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await stopReadingLocal.CancelAsync();
        }

        private void Report(RelaySide side, Exception failure)
        {
            lock (_gate)
            {
                if (_failedSide == RelaySide.None)
                {
                    _failedSide = side;
                    _failure = failure;
                }
            }
        }
    }
}
