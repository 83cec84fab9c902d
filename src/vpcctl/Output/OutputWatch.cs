using VpcComApi.Platform.Output;

namespace VpcComApi.CommandLine.Output;

/// <summary>
/// Asks a command that goes on until Ctrl-C to end when nobody reads what it prints, even while it has nothing to print. Where a closed
/// reader cannot be asked for (Windows), the next line that is printed shows it.
/// </summary>
internal sealed class OutputWatch : IDisposable
{
    private readonly Lock gate = new();
    private readonly OutputLoss loss;
    private readonly Interruption interruption;
    private volatile bool isOver;

    /// <summary>Begins to watch, until it is disposed.</summary>
    /// <param name="loss">Reports the loss.</param>
    /// <param name="interruption">What is asked to end then, as by the first Ctrl-C.</param>
    public OutputWatch(OutputLoss loss, Interruption interruption)
    {
        this.loss = loss;
        this.interruption = interruption;
        _ = loss.Happened.ContinueWith(_ => RequestEnd(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (loss.CanLoseReader)
        {
            new Thread(Watch) { IsBackground = true, Name = "Standard output" }.Start();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
        }
    }

    private void Watch()
    {
        while (!isOver && loss.Cause is null)
        {
            if (StandardOutputStream.WaitForReaderGone())
            {
                loss.Report(StandardOutputStream.ReaderGone());
            }
        }
    }

    private void RequestEnd()
    {
        lock (gate)
        {
            // An end that was asked for already is not to be hurried, as by a second Ctrl-C.
            if (!isOver && !interruption.Requested.IsCancellationRequested)
            {
                interruption.Request();
            }
        }
    }
}
