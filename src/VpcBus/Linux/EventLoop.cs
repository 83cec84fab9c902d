using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace VpcComApi.VpcBus.Linux;

/// <summary>
/// The one thread of this process that moves bytes between sockets and rings. It waits for sockets (epoll, edge-triggered), for other
/// processes (doorbells in shared memory) and for other threads of this process, and gives each task that has something to do a turn.
/// </summary>
/// <remarks>
/// In a turn a task moves a bounded number of bytes; whose turn is next is for the <see cref="TurnQueue"/>. The thread lives while somebody uses
/// the loop.
/// </remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The thread disposes them when it ends.")]
internal sealed unsafe class EventLoop
{
    /// <summary>Events that are taken from epoll at once.</summary>
    private const int EventCapacity = 256;

    /// <summary>Bytes that a turn moves each way at most.</summary>
    private const int TurnBudget = 256 * 1024;

    /// <summary>While turns follow each other the loop looks for news after so much work: often enough for those who come meanwhile, and seldom for small turns.</summary>
    private const int WorkBetweenLooks = 64 * 1024;

    /// <summary>Marks the loop's own wake-up among the numbers that epoll hands back.</summary>
    private const int WakeToken = -1;

    internal const int TickMilliseconds = 1000;

    private static readonly Lock Users = new();
    private static EventLoop? s_current;
    private static int s_threads;

    private readonly SafeDescriptor _epoll;
    private readonly SafeDescriptor _wake;
    private readonly byte* _events;
    private readonly Lock _gate = new();
    private readonly TurnQueue _queue = new();
    private readonly Stack<int> _freeTokens = new();
    private readonly AdaptiveSpin _spin = new();
    private LoopTask?[] _registered = new LoopTask?[64];
    private volatile ILoopDoorbell[] _doorbells = [];
    private int _users;
    private int _queued;
    private int _sleeping;
    private int _threadId;
    private volatile bool _stopping;
    private bool _ended;
    private bool _isSliceShort;
    private long _nextTick;

    private EventLoop()
    {
        _epoll = new SafeDescriptor(Libc.epoll_create1(Libc.EPOLL_CLOEXEC));
        _wake = new SafeDescriptor(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK));
        if (_epoll.IsInvalid || _wake.IsInvalid || !Control(Libc.EPOLL_CTL_ADD, _wake.Number, Libc.EPOLLIN, WakeToken))
        {
            int error = Marshal.GetLastPInvokeError();
            _epoll.Dispose();
            _wake.Dispose();
            throw new IOException($"The system has no room for an event loop: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        _events = (byte*)NativeMemory.Alloc(EventCapacity, (nuint)Libc.EpollEventSize);
        for (int token = _registered.Length - 1; token >= 0; token--)
        {
            _freeTokens.Push(token);
        }
    }

    /// <summary>Threads of all loops of this process: one while somebody uses the loop, and none soon after.</summary>
    internal static int ThreadCount => s_threads;

    /// <summary>Returns this process's loop, and starts it for the first user. <see cref="Release"/> must follow.</summary>
    /// <exception cref="IOException">The system has no descriptors left.</exception>
    public static EventLoop Acquire()
    {
        lock (Users)
        {
            if (s_current is null)
            {
                s_current = new EventLoop();
                Interlocked.Increment(ref s_threads);
                new Thread(s_current.Run) { IsBackground = true, Name = "vpcbus rings" }.Start();
            }

            s_current._users++;
            return s_current;
        }
    }

    /// <summary>Gives the loop back. The last user's ends the thread.</summary>
    public void Release()
    {
        lock (Users)
        {
            if (--_users > 0)
            {
                return;
            }

            s_current = null;
        }

        _stopping = true;
        Wake();
    }

    /// <summary>Puts a task into the queue, unless it stands there.</summary>
    public void Post(LoopTask task)
    {
        if (Interlocked.Exchange(ref task.IsQueued, 1) != 0)
        {
            return;
        }

        lock (_gate)
        {
            _queue.Add(task);
            _queued = _queue.Count;
        }

        if (Environment.CurrentManagedThreadId != _threadId)
        {
            Wake();
        }
    }

    /// <summary>Watches a descriptor.</summary>
    /// <param name="task">Whom its events concern.</param>
    /// <param name="descriptor">The descriptor; <see cref="Unregister"/> comes before it is closed.</param>
    /// <param name="events">Which events, as epoll has them.</param>
    /// <returns>A token for <see cref="Unregister"/>.</returns>
    /// <exception cref="IOException">The system has no room for it.</exception>
    public int Register(LoopTask task, int descriptor, uint events)
    {
        int token;
        lock (_gate)
        {
            if (_freeTokens.Count == 0)
            {
                int length = _registered.Length;
                Array.Resize(ref _registered, length * 2);
                for (int free = (length * 2) - 1; free >= length; free--)
                {
                    _freeTokens.Push(free);
                }
            }

            token = _freeTokens.Pop();
            _registered[token] = task;
        }

        if (Control(Libc.EPOLL_CTL_ADD, descriptor, events, token))
        {
            return token;
        }

        int error = Marshal.GetLastPInvokeError();
        Forget(token);
        throw new IOException($"The descriptor cannot be watched: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Stops watching a descriptor. An event that is under way may still reach a later owner of the token, who finds nothing to do.</summary>
    public void Unregister(int token, int descriptor)
    {
        _ = Control(Libc.EPOLL_CTL_DEL, descriptor, 0, token);
        Forget(token);
    }

    /// <summary>Changes which events of a descriptor are waited for.</summary>
    public void Change(int token, int descriptor, uint events) => _ = Control(Libc.EPOLL_CTL_MOD, descriptor, events, token);

    /// <summary>Listens to another process's signals.</summary>
    public void Add(ILoopDoorbell doorbell)
    {
        lock (_gate)
        {
            _doorbells = [.. _doorbells, doorbell];
        }

        Wake();
    }

    /// <summary>Listens no more. A call that is under way may still come to its end afterwards.</summary>
    public void Remove(ILoopDoorbell doorbell)
    {
        lock (_gate)
        {
            _doorbells = [.. _doorbells.Where(other => other != doorbell)];
        }
    }

    /// <summary>Ends the loop's sleep, if it sleeps.</summary>
    private void Wake()
    {
        // Whoever sleeps has said so before its last look at what was written before this.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleeping) != 0 && Interlocked.Exchange(ref _sleeping, 0) != 0)
        {
            lock (_gate)
            {
                if (!_ended)
                {
                    ulong one = 1;
                    _ = Libc.write(_wake.Number, (byte*)&one, sizeof(ulong));
                }
            }
        }
    }

    private void Run()
    {
        _threadId = Environment.CurrentManagedThreadId;
        try
        {
            while (!_stopping)
            {
                RunTurns();
                if (!TakeSignals() & TakeEvents(0) == 0 && Volatile.Read(ref _queued) == 0)
                {
                    Wait();
                }

                TickIfDue();
            }
        }
        finally
        {
            lock (_gate)
            {
                _ended = true;
                _epoll.Dispose();
                _wake.Dispose();
            }

            NativeMemory.Free(_events);
            Interlocked.Decrement(ref s_threads);
        }
    }

    /// <summary>Gives turns to those whose turn it is, until there is nobody or it is time to look for news.</summary>
    private void RunTurns()
    {
        long work = 0;
        while (work < WorkBetweenLooks && TryTake() is { } task)
        {
            work += RunTurn(task);
        }
    }

    private LoopTask? TryTake()
    {
        if (Volatile.Read(ref _queued) == 0)
        {
            return null;
        }

        lock (_gate)
        {
            LoopTask? task = _queue.Take();
            _queued = _queue.Count;
            return task;
        }
    }

    /// <returns>What the turn cost.</returns>
    private long RunTurn(LoopTask task)
    {
        // From here on a signal puts it into the queue anew.
        Interlocked.Exchange(ref task.IsQueued, 0);
        Turn turn = default;
        try
        {
            turn = task.Run(TurnBudget);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            task.Fail(failure);
        }

        long charged;
        lock (_gate)
        {
            charged = TurnQueue.Charge(task, turn.Cost);
        }

        if (turn.HasMore)
        {
            Post(task);
        }

        return charged;
    }

    private bool TakeSignals()
    {
        bool any = false;
        foreach (ILoopDoorbell doorbell in _doorbells)
        {
            any |= doorbell.TakeSignals();
        }

        return any;
    }

    /// <summary>Waits until there is something to do: looking for it at first if that pays, then asleep.</summary>
    private void Wait()
    {
        long began = Stopwatch.GetTimestamp();
        long now = began;
        if (_spin.ShouldSpin(began))
        {
            UseShortSlice(false);
            while (true)
            {
                _ = Libc.sched_yield();
                long after = Stopwatch.GetTimestamp();
                bool quiet = _spin.NoteYield(now, after);
                if (TakeSignals() || Volatile.Read(ref _queued) > 0 || TakeEvents(0) > 0 || _stopping)
                {
                    _spin.NoteSuccess(after);
                    return;
                }

                now = Stopwatch.GetTimestamp();
                if (!quiet || !_spin.MaySpinOn(began, now))
                {
                    break;
                }
            }

            _spin.NoteFailure();
            Sleep();
            return;
        }

        UseShortSlice(true);
        Sleep();
        _spin.NoteSleep(began, Stopwatch.GetTimestamp());
    }

    /// <summary>
    /// A sleeper that asks for short slices is put in front of those who compute. A spinner must not ask: its yields would give way to nobody.
    /// </summary>
    private void UseShortSlice(bool isShort)
    {
        if (isShort != _isSliceShort)
        {
            _isSliceShort = isShort;
            ThreadSlice.Set(isShort);
        }
    }

    private void Sleep()
    {
        ILoopDoorbell[] doorbells = _doorbells;
        bool sleeping = true;
        int longest = -1;
        foreach (ILoopDoorbell doorbell in doorbells)
        {
            sleeping &= doorbell.BeginSleep();
            int limit = doorbell.LongestSleep;
            longest = longest < 0 ? limit : limit < 0 ? longest : Math.Min(longest, limit);
        }

        Interlocked.Exchange(ref _sleeping, 1);
        if (sleeping && Volatile.Read(ref _queued) == 0 && !_stopping && doorbells == _doorbells)
        {
            TakeEvents(longest);
        }

        Volatile.Write(ref _sleeping, 0);
        foreach (ILoopDoorbell doorbell in doorbells)
        {
            doorbell.EndSleep();
        }
    }

    /// <summary>Takes what epoll has and puts the tasks concerned into the queue.</summary>
    /// <returns>How many events there were.</returns>
    private int TakeEvents(int milliseconds)
    {
        int count = Libc.epoll_wait(_epoll.Number, _events, EventCapacity, milliseconds);
        int size = Libc.EpollEventSize;
        int dataOffset = Libc.EpollDataOffset;
        for (int n = 0; n < count; n++)
        {
            byte* epollEvent = _events + (n * size);
            int token = (int)*(long*)(epollEvent + dataOffset);
            if (token == WakeToken)
            {
                ulong signals;
                _ = Libc.read(_wake.Number, (byte*)&signals, sizeof(ulong));
                continue;
            }

            LoopTask? task;
            lock (_gate)
            {
                task = _registered[token];
            }

            if (task is not null)
            {
                task.NoteEvents(*(uint*)epollEvent);
                Post(task);
            }
        }

        return Math.Max(count, 0);
    }

    private void TickIfDue()
    {
        long now = Environment.TickCount64;
        if (now < _nextTick)
        {
            return;
        }

        _nextTick = now + TickMilliseconds;
        foreach (ILoopDoorbell doorbell in _doorbells)
        {
            if (doorbell.NeedsTick)
            {
                doorbell.Tick();
            }
        }
    }

    private void Forget(int token)
    {
        lock (_gate)
        {
            _registered[token] = null;
            _freeTokens.Push(token);
        }
    }

    private bool Control(int operation, int descriptor, uint events, long token)
    {
        byte* epollEvent = stackalloc byte[16];
        *(uint*)epollEvent = events;
        *(long*)(epollEvent + Libc.EpollDataOffset) = token;
        return Libc.epoll_ctl(_epoll, operation, descriptor, epollEvent) == 0;
    }
}
