using System.Runtime.Versioning;
using System.Threading.Tasks.Sources;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Linux;

namespace VpcComApi.GuestServices.Links;

/// <summary>
/// Waits for a descriptor on a thread of its own, which then does the work of whoever waited: no other thread has to be woken. One wait at
/// a time.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DescriptorWait : IValueTaskSource<bool>, IDisposable
{
    /// <summary>How long one poll lasts, so that a disposed object's thread ends.</summary>
    private const int PollMilliseconds = 1000;

    private readonly SafeFileHandle descriptor;
    private readonly short events;
    private readonly SemaphoreSlim wanted = new(0);
    private ManualResetValueTaskSourceCore<bool> happened;
    private Thread? thread;
    private volatile bool disposed;

    /// <summary>Prepares a wait; the thread begins with the first one.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="events">What for: <see cref="Libc.POLLIN"/> or <see cref="Libc.POLLOUT"/>.</param>
    public DescriptorWait(SafeFileHandle descriptor, short events)
    {
        this.descriptor = descriptor;
        this.events = events;
    }

    /// <summary>Waits until the descriptor is ready, or in some other state that a read or write will tell of.</summary>
    /// <returns>Whether it is ready.</returns>
    public ValueTask<bool> WaitAsync()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        happened.Reset();
        ValueTask<bool> wait = new(this, happened.Version);
        if (thread is null)
        {
            thread = new Thread(Run) { IsBackground = true, Name = "Device " + (events == Libc.POLLIN ? "reader" : "writer") };
            thread.Start();
        }

        wanted.Release();
        return wait;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        disposed = true;
        wanted.Release();
    }

    bool IValueTaskSource<bool>.GetResult(short token) => happened.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => happened.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        happened.OnCompleted(continuation, state, token, flags);

    private void Run()
    {
        while (true)
        {
            wanted.Wait();
            if (disposed)
            {
                return;
            }

            bool isReady = false;
            while (!disposed && !Poll(out isReady))
            {
            }

            // The waiter's work runs here.
            happened.SetResult(isReady);
        }
    }

    /// <summary>Waits a while.</summary>
    /// <param name="isReady">Whether what is waited for has come.</param>
    /// <returns>False when nothing has happened.</returns>
    private bool Poll(out bool isReady)
    {
        isReady = false;
        bool isHeld = false;
        try
        {
            descriptor.DangerousAddRef(ref isHeld);
            Libc.PollDescriptor polled = new() { Descriptor = (int)descriptor.DangerousGetHandle(), Requested = events };
            int count = Libc.poll(ref polled, 1, PollMilliseconds);
            isReady = count > 0 && (polled.Returned & events) != 0;
            return count > 0;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        finally
        {
            if (isHeld)
            {
                descriptor.DangerousRelease();
            }
        }
    }
}
