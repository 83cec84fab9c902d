using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VpcBus.Linux;

/// <summary>
/// The one thread of this process that moves bytes between sockets and rings. It waits for sockets (epoll, edge-triggered), for other
/// processes (doorbells in shared memory) and for other threads of this process, and gives each task that has something to do a turn.
/// </summary>
/// <remarks>
/// In a turn a task moves a bounded number of bytes; whose turn is next is for the <see cref="TurnQueue"/>. The thread lives while somebody
/// uses the loop.
/// </remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The thread disposes them when it ends.")]
internal sealed class EventLoop
{
    /// <summary>Bytes that a turn moves each way at most.</summary>
    private const int TurnBudget = 256 * 1024;

    /// <summary>
    /// While turns follow each other the loop looks for news after so much work: often enough for those who come meanwhile, and seldom for
    /// small turns.
    /// </summary>
    private const int WorkBetweenLooks = 64 * 1024;

    internal const int TickMilliseconds = 1000;

    private static readonly Lock Users = new();
    private static EventLoop? s_current;
    private static int s_threads;

    private readonly EpollSet _watched = new();
    private readonly Lock _gate = new();
    private readonly TurnQueue _queue = new();
    private readonly AdaptiveSpin _spin = new();
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

    /// <inheritdoc cref="EpollSet.Register"/>
    public int Register(LoopTask task, int descriptor, uint events) => _watched.Register(task, descriptor, events);

    /// <inheritdoc cref="EpollSet.Unregister"/>
    public void Unregister(int token, int descriptor) => _watched.Unregister(token, descriptor);

    /// <inheritdoc cref="EpollSet.Change"/>
    public void Change(int token, int descriptor, uint events) => _watched.Change(token, descriptor, events);

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
                    _watched.Wake();
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
                _watched.Dispose();
            }

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
    /// A sleeper that asks for short slices is put in front of those who compute. A spinner must not ask: its yields would give way to
    /// nobody.
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
        int count = _watched.Wait(milliseconds);
        for (int n = 0; n < count; n++)
        {
            if (_watched.Take(n, out uint events) is { } task)
            {
                task.NoteEvents(events);
                Post(task);
            }
        }

        return count;
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
}
