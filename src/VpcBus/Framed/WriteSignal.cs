using System.Threading.Tasks.Sources;

namespace VpcComApi.VpcBus.Framed;

/// <summary>
/// The signal for which an idle write loop waits. Setting it can run the loop on the setter's thread up to the loop's next wait, so a small
/// message is sent without a change of threads. The object is reused, so waiting allocates nothing.
/// </summary>
internal sealed class WriteSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> core;

    /// <summary>Resets the signal. Must be called before it can be set again.</summary>
    public void Reset() => core.Reset();

    /// <summary>Waits until the signal is set. For one waiter at a time.</summary>
    public ValueTask WaitAsync() => new(this, core.Version);

    /// <summary>Sets the signal, once for each <see cref="Reset"/>.</summary>
    /// <param name="onOwnThread">Whether the loop continues on a thread of its own, and not on the caller's.</param>
    public void Set(bool onOwnThread)
    {
        core.RunContinuationsAsynchronously = onOwnThread;
        core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
