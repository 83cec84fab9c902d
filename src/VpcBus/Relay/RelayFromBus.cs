using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using VpcComApi.VpcBus.Channels;

namespace VpcComApi.VpcBus.Relay;

/// <summary>One direction of a relay: from the channel pair to the local stream.</summary>
/// <param name="run">The relay.</param>
/// <param name="direct">Moves the bytes directly, if possible; null if this class is to copy them.</param>
internal sealed class RelayFromBus(RelayRun run, IDirectRelayDirection? direct) : IDisposable
{
    private readonly CancellationTokenRegistration stopDirect = run.Cancellation.UnsafeRegister(
        static direct => ((IDirectRelayDirection?)direct)?.Stop(), direct);

    private bool localGone;

    /// <summary>Bytes read from the pair and written to the local stream.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether the local stream received every byte that the other end sent.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Copies until the bytes end or one side fails.</summary>
    /// <param name="toBus">The other direction.</param>
    public async Task RunAsync(RelayToBus toBus)
    {
        PipeReader input = run.Pair.Input;
        try
        {
            if (await (direct is null ? CopyAsync(input) : MoveAsync(direct)))
            {
                IsComplete = true;
                await EndLocalAsync(toBus);
            }
        }
        catch (BusException failure)
        {
            run.Report(RelaySide.Bus, failure);
        }
        catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
        {
            // The failure is reported by the run.
        }
        finally
        {
            // Before the end of the bytes, this informs the other side that nobody reads.
            await input.CompleteAsync();
        }
    }

    /// <summary>Nobody reads the local stream any more.</summary>
    public void StopAsLocalIsGone()
    {
        localGone = true;
        run.Pair.Input.CancelPendingRead();
        direct?.Stop();
    }

    /// <inheritdoc/>
    public void Dispose() => stopDirect.Dispose();

    /// <returns>Whether every byte up to the end was written.</returns>
    private async Task<bool> CopyAsync(PipeReader input)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(run.Cancellation);
            if (localGone)
            {
                return false;
            }

            foreach (ReadOnlyMemory<byte> block in read.Buffer)
            {
                if (!await WriteLocalAsync(block))
                {
                    return false;
                }

                Bytes += block.Length;
            }

            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return true;
            }
        }
    }

    /// <returns>Whether every byte up to the end was moved.</returns>
    private async Task<bool> MoveAsync(IDirectRelayDirection mover)
    {
        DirectRelayEnd end = await mover.Ended;
        Bytes = mover.Bytes;
        run.Cancellation.ThrowIfCancellationRequested();
        switch (end.Kind)
        {
            case DirectRelayEndKind.EndOfBytes:
                return true;
            case DirectRelayEndKind.LocalFailed:
                run.Report(RelaySide.Local, end.Failure!);
                return false;
            default:
                if (run.Pair.Failure is { } failure && !localGone)
                {
                    run.Report(RelaySide.Bus, failure);
                }

                return false;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WriteLocalAsync(ReadOnlyMemory<byte> block)
    {
        try
        {
            await run.Local.WriteAsync(block, run.Cancellation);
            return true;
        }
        catch (Exception failure)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            run.Report(RelaySide.Local, failure);
            return false;
        }
    }

    /// <summary>
    /// The bus has no more bytes: signals that to the local stream's other end, or ends the relay when that is not possible.
    /// </summary>
    private async ValueTask EndLocalAsync(RelayToBus toBus)
    {
        if (run.Options.HalfCloseLocal is null)
        {
            await toBus.StopReadingAsync();
            return;
        }

        try
        {
            await run.Options.HalfCloseLocal(run.Cancellation);
        }
        catch (Exception failure)
        {
            run.Cancellation.ThrowIfCancellationRequested();

            // Its other end was closed already, which the direction that reads it detects.
            run.Report(RelaySide.Local, failure);
        }
    }
}
