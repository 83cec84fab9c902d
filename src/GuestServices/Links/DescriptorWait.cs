using System.Runtime.Versioning;
using System.Threading.Tasks.Sources;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Linux;

namespace VpcComApi.GuestServices.Links;

/// <summary>
/// Waits for a descriptor on a thread of its own, on which the awaiting code then continues, so that no other thread must be woken. One
/// wait at a time.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DescriptorWait : IValueTaskSource<bool>, IDisposable
{
    /// <summary>The limit of one poll, so that the thread of a disposed object ends.</summary>
    private const int PollMilliseconds = 1000;

    private readonly SafeFileHandle descriptor;
    private readonly short events;
    private readonly SemaphoreSlim wanted = new(0);
    private ManualResetValueTaskSourceCore<bool> happened;
    private Thread? thread;
    private volatile bool disposed;

    /// <summary>Prepares waits; the thread starts with the first one.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="events">The event: <see cref="Libc.POLLIN"/> or <see cref="Libc.POLLOUT"/>.</param>
    public DescriptorWait(SafeFileHandle descriptor, short events)
    {
        this.descriptor = descriptor;
        this.events = events;
    }

    /// <summary>Waits until the descriptor is ready or in an error state, which the next read or write reports.</summary>
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

            // The awaiting code continues in this call.
            happened.SetResult(isReady);
        }
    }

    /// <summary>Waits for a limited time.</summary>
    /// <param name="isReady">Whether the event has occurred.</param>
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
