namespace VpcComApi.VirtualDisks;

/// <summary>Counts what a long operation has done, reports its percentage, and ends it when it is cancelled.</summary>
/// <param name="total">All that is to be done, in bytes.</param>
/// <param name="progress">Hears each new percentage, 0 to 100; may be null.</param>
/// <param name="cancellationToken">Ends the operation.</param>
internal sealed class OperationProgress(long total, IProgress<int>? progress, CancellationToken cancellationToken)
{
    private long done;
    private int reported = -1;

    /// <summary>Takes note of work done.</summary>
    /// <param name="bytes">How much.</param>
    /// <exception cref="OperationCanceledException">The operation is to end.</exception>
    public void Advance(long bytes)
    {
        cancellationToken.ThrowIfCancellationRequested();
        done += bytes;
        int percent = total <= 0 ? 100 : (int)Math.Clamp(done * 100 / total, 0, 100);
        if (percent != reported)
        {
            reported = percent;
            progress?.Report(percent);
        }
    }
}
