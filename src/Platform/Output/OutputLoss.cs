namespace VpcComApi.Platform.Output;

/// <summary>That standard output cannot be written any more, and why. What is written after that is dropped.</summary>
/// <param name="isRedirected">Whether this process's own standard output is meant, and it is redirected, so that a reader may go.</param>
internal sealed class OutputLoss(bool isRedirected)
{
    private readonly TaskCompletionSource<IOException> happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IOException? first;

    /// <summary>The first write that failed; null while none has.</summary>
    public IOException? Cause => Volatile.Read(ref first);

    /// <summary>
    /// What a person reads about it; null when nothing was lost, or nobody reads what is printed and so nobody misses it.
    /// </summary>
    public string? Message => Cause is { } cause && !StandardOutputStream.IsReaderGone(cause)
        ? $"Standard output cannot be written: {cause.Message}. What was printed is not complete; the command itself was carried out."
        : null;

    /// <summary>Whether the reader's end has to be looked for: on Linux a pipe reports it only when it is asked.</summary>
    public bool CanLoseReader { get; } = isRedirected && OperatingSystem.IsLinux();

    /// <summary>Completes with the first write that failed.</summary>
    public Task<IOException> Happened => happened.Task;

    /// <summary>Notes that a write failed.</summary>
    /// <param name="cause">The failure.</param>
    public void Report(IOException cause)
    {
        if (Interlocked.CompareExchange(ref first, cause, null) is null)
        {
            happened.SetResult(cause);
        }
    }
}
