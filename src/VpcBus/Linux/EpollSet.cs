using System.Runtime.InteropServices;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VpcBus.Linux;

/// <summary>The descriptors that an <see cref="EventLoop"/> watches, and the tasks that their events concern.</summary>
/// <remarks>One thread waits; any thread may register, change and unregister at the same time.</remarks>
internal sealed unsafe class EpollSet : IDisposable
{
    /// <summary>Events that are taken from epoll at once.</summary>
    private const int EventCapacity = 256;

    /// <summary>The token of the loop's own wake-up among the values that epoll returns.</summary>
    private const int WakeToken = -1;

    private readonly SafeDescriptor epoll;
    private readonly SafeDescriptor wake;
    private readonly byte* eventBuffer;
    private readonly int eventSize = Libc.EpollEventSize;
    private readonly int dataOffset = Libc.EpollDataOffset;
    private readonly Lock gate = new();
    private readonly Stack<int> freeTokens = new();
    private LoopTask?[] registered = new LoopTask?[64];

    /// <summary>Creates an empty set.</summary>
    /// <exception cref="IOException">The process or the system has no free descriptors.</exception>
    public EpollSet()
    {
        epoll = new SafeDescriptor(Libc.epoll_create1(Libc.EPOLL_CLOEXEC));
        wake = new SafeDescriptor(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK));
        if (epoll.IsInvalid || wake.IsInvalid || !Control(Libc.EPOLL_CTL_ADD, wake.Number, Libc.EPOLLIN, WakeToken))
        {
            int error = Marshal.GetLastPInvokeError();
            epoll.Dispose();
            wake.Dispose();
            throw new IOException($"The system has no room for an event loop: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        eventBuffer = (byte*)NativeMemory.Alloc(EventCapacity, (nuint)eventSize);
        for (int token = registered.Length - 1; token >= 0; token--)
        {
            freeTokens.Push(token);
        }
    }

    /// <summary>Watches a descriptor.</summary>
    /// <param name="task">The task that its events concern.</param>
    /// <param name="descriptor">The descriptor; <see cref="Unregister"/> must be called before it is closed.</param>
    /// <param name="events">The events, as epoll flags.</param>
    /// <returns>A token for <see cref="Unregister"/>.</returns>
    /// <exception cref="IOException">The system cannot watch it.</exception>
    public int Register(LoopTask task, int descriptor, uint events)
    {
        int token;
        lock (gate)
        {
            if (freeTokens.Count == 0)
            {
                int length = registered.Length;
                Array.Resize(ref registered, length * 2);
                for (int free = (length * 2) - 1; free >= length; free--)
                {
                    freeTokens.Push(free);
                }
            }

            token = freeTokens.Pop();
            registered[token] = task;
        }

        if (Control(Libc.EPOLL_CTL_ADD, descriptor, events, token))
        {
            return token;
        }

        int error = Marshal.GetLastPInvokeError();
        Forget(token);
        throw new IOException($"The descriptor cannot be watched: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>
    /// Stops watching a descriptor. A pending event may still reach the next owner of the token, which then finds nothing to do.
    /// </summary>
    public void Unregister(int token, int descriptor)
    {
        _ = Control(Libc.EPOLL_CTL_DEL, descriptor, 0, token);
        Forget(token);
    }

    /// <summary>Changes which events of a descriptor are waited for.</summary>
    public void Change(int token, int descriptor, uint events) => _ = Control(Libc.EPOLL_CTL_MOD, descriptor, events, token);

    /// <summary>Ends the current wait, or the next one.</summary>
    public void Wake()
    {
        ulong one = 1;
        _ = Libc.write(wake.Number, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Waits for events.</summary>
    /// <param name="milliseconds">The longest wait; 0 for none, -1 for no limit.</param>
    /// <returns>How many there are, for <see cref="Take"/>.</returns>
    public int Wait(int milliseconds) => Math.Max(Libc.epoll_wait(epoll.Number, eventBuffer, EventCapacity, milliseconds), 0);

    /// <summary>Returns one of the events that <see cref="Wait"/> has found. Called once for each.</summary>
    /// <param name="number">Which one, from 0.</param>
    /// <param name="events">The events, as epoll flags.</param>
    /// <returns>The task that it concerns; null if there is none or the event is a wake-up.</returns>
    public LoopTask? Take(int number, out uint events)
    {
        byte* epollEvent = eventBuffer + (number * eventSize);
        events = *(uint*)epollEvent;
        int token = (int)*(long*)(epollEvent + dataOffset);
        if (token == WakeToken)
        {
            ulong signals;
            _ = Libc.read(wake.Number, (byte*)&signals, sizeof(ulong));
            return null;
        }

        lock (gate)
        {
            return registered[token];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        epoll.Dispose();
        wake.Dispose();
        NativeMemory.Free(eventBuffer);
    }

    private void Forget(int token)
    {
        lock (gate)
        {
            registered[token] = null;
            freeTokens.Push(token);
        }
    }

    private bool Control(int operation, int descriptor, uint events, long token)
    {
        byte* epollEvent = stackalloc byte[16];
        *(uint*)epollEvent = events;
        *(long*)(epollEvent + dataOffset) = token;
        return Libc.epoll_ctl(epoll, operation, descriptor, epollEvent) == 0;
    }
}
