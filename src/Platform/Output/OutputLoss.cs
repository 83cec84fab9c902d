namespace VpcComApi.Platform.Output;

/// <summary>Records that standard output cannot be written any more, and why. Later output is dropped.</summary>
/// <param name="isRedirected">Whether this is about this process's own standard output, and it is redirected, so that its reader may close
/// it.</param>
internal sealed class OutputLoss(bool isRedirected)
{
    private readonly TaskCompletionSource<IOException> happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IOException? first;

    /// <summary>The failure of the first write that failed; null while none has.</summary>
    public IOException? Cause => Volatile.Read(ref first);

    /// <summary>
    /// The message for people; null when nothing was lost, or when the reader has closed the output and so does not need the rest.
    /// </summary>
    public string? Message => Cause is { } cause && !StandardOutputStream.IsReaderGone(cause)
        ? $"Standard output cannot be written: {cause.Message}. What was printed is not complete; the command itself was carried out."
        : null;

    /// <summary>Whether the reader's end must be polled for: on Linux a pipe does not report it by itself.</summary>
    public bool CanLoseReader { get; } = isRedirected && OperatingSystem.IsLinux();

    /// <summary>Completes with the failure of the first write that failed.</summary>
    public Task<IOException> Happened => happened.Task;

    /// <summary>Records that a write has failed.</summary>
    /// <param name="cause">The failure.</param>
    public void Report(IOException cause)
    {
        if (Interlocked.CompareExchange(ref first, cause, null) is null)
        {
            happened.SetResult(cause);
        }
    }
}
