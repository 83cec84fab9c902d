using System.Threading.Tasks.Sources;

namespace VpcComApi.VpcBus.Framed;

/// <summary>
/// What an idle write loop waits on. Setting it can run the loop on the setter's thread, up to its first wait: a small message leaves
/// without a change of threads. Reused, so waiting allocates nothing.
/// </summary>
internal sealed class WriteSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> core;

    /// <summary>Arms the signal. Before anybody can set it again.</summary>
    public void Reset() => core.Reset();

    /// <summary>Waits until the signal is set. One waiter.</summary>
    public ValueTask WaitAsync() => new(this, core.Version);

    /// <summary>Sets the signal, once for each <see cref="Reset"/>.</summary>
    /// <param name="onOwnThread">Whether the loop goes on on a thread of its own, and not on the caller's.</param>
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
