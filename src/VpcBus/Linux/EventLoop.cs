using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VpcBus.Linux;

/// <summary>
/// The one thread of this process that moves bytes between sockets and rings. It waits for sockets (epoll, edge-triggered), for other
/// processes (doorbells in shared memory) and for other threads of this process, and gives a turn to each task that has something to do.
/// </summary>
/// <remarks>
/// In a turn a task moves a bounded number of bytes; which task is next is decided by the <see cref="TurnQueue"/>. The thread runs while
/// the loop has users.
/// </remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The thread disposes them when "
    + "it ends.")]
internal sealed class EventLoop
{
    /// <summary>The most bytes that a turn moves in each direction.</summary>
    private const int TurnBudget = 256 * 1024;

    /// <summary>
    /// Between turns the loop checks for new events after this much work: often enough for tasks that become ready meanwhile, and not after
    /// each small turn.
    /// </summary>
    private const int WorkBetweenLooks = 64 * 1024;

    internal const int TickMilliseconds = 1000;

    private static readonly Lock Users = new();
    private static EventLoop? current;
    private static int threads;

    private readonly EpollSet watched = new();
    private readonly Lock gate = new();
    private readonly TurnQueue queue = new();
    private readonly AdaptiveSpin spin = new();
    private volatile ILoopDoorbell[] doorbells = [];
    private int users;
    private int queued;
    private int sleeping;
    private int threadId;
    private volatile bool stopping;
    private bool ended;
    private bool isSliceShort;
    private long nextTick;

    private EventLoop()
    {
    }

    /// <summary>The number of threads of all loops of this process: one while the loop has users, and none shortly after.</summary>
    internal static int ThreadCount => threads;

    /// <summary>Returns this process's loop, which is started for the first user. <see cref="Release"/> must follow.</summary>
    /// <exception cref="IOException">The process or the system has no free descriptors.</exception>
    public static EventLoop Acquire()
    {
        lock (Users)
        {
            if (current is null)
            {
                current = new EventLoop();
                Interlocked.Increment(ref threads);
                new Thread(current.Run) { IsBackground = true, Name = "vpcbus rings" }.Start();
            }

            current.users++;
            return current;
        }
    }

    /// <summary>Releases the loop. The last release ends the thread.</summary>
    public void Release()
    {
        lock (Users)
        {
            if (--users > 0)
            {
                return;
            }

            current = null;
        }

        stopping = true;
        Wake();
    }

    /// <summary>Adds a task to the queue, unless it is in the queue already.</summary>
    public void Post(LoopTask task)
    {
        if (Interlocked.Exchange(ref task.IsQueued, 1) != 0)
        {
            return;
        }

        lock (gate)
        {
            queue.Add(task);
            queued = queue.Count;
        }

        if (Environment.CurrentManagedThreadId != threadId)
        {
            Wake();
        }
    }

    /// <inheritdoc cref="EpollSet.Register"/>
    public int Register(LoopTask task, int descriptor, uint events) => watched.Register(task, descriptor, events);

    /// <inheritdoc cref="EpollSet.Unregister"/>
    public void Unregister(int token, int descriptor) => watched.Unregister(token, descriptor);

    /// <inheritdoc cref="EpollSet.Change"/>
    public void Change(int token, int descriptor, uint events) => watched.Change(token, descriptor, events);

    /// <summary>Listens to another process's signals.</summary>
    public void Add(ILoopDoorbell doorbell)
    {
        lock (gate)
        {
            doorbells = [.. doorbells, doorbell];
        }

        Wake();
    }

    /// <summary>Stops listening. A call that is in progress may still end afterwards.</summary>
    public void Remove(ILoopDoorbell doorbell)
    {
        lock (gate)
        {
            doorbells = [.. doorbells.Where(other => other != doorbell)];
        }
    }

    /// <summary>Wakes the loop if it sleeps.</summary>
    private void Wake()
    {
        // A loop that sleeps has set its flag before its last check, so it either has seen what was written before this call, or its flag
        // is visible here.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref sleeping) != 0 && Interlocked.Exchange(ref sleeping, 0) != 0)
        {
            lock (gate)
            {
                if (!ended)
                {
                    watched.Wake();
                }
            }
        }
    }

    private void Run()
    {
        threadId = Environment.CurrentManagedThreadId;
        try
        {
            while (!stopping)
            {
                RunTurns();
                if (!TakeSignals() & TakeEvents(0) == 0 && Volatile.Read(ref queued) == 0)
                {
                    Wait();
                }

                TickIfDue();
            }
        }
        finally
        {
            lock (gate)
            {
                ended = true;
                watched.Dispose();
            }

            Interlocked.Decrement(ref threads);
        }
    }

    /// <summary>Gives turns to the queued tasks until there are none left or it is time to check for new events.</summary>
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
        if (Volatile.Read(ref queued) == 0)
        {
            return null;
        }

        lock (gate)
        {
            LoopTask? task = queue.Take();
            queued = queue.Count;
            return task;
        }
    }

    /// <returns>The cost of the turn.</returns>
    private long RunTurn(LoopTask task)
    {
        // From here on a signal adds it to the queue again.
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
        lock (gate)
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
        foreach (ILoopDoorbell doorbell in doorbells)
        {
            any |= doorbell.TakeSignals();
        }

        return any;
    }

    /// <summary>Waits until there is something to do: first by spinning, if that pays off, then by sleeping.</summary>
    private void Wait()
    {
        long began = Stopwatch.GetTimestamp();
        long now = began;
        if (spin.ShouldSpin(began))
        {
            UseShortSlice(false);
            while (true)
            {
                _ = Libc.sched_yield();
                long after = Stopwatch.GetTimestamp();
                bool quiet = spin.NoteYield(now, after);
                if (TakeSignals() || Volatile.Read(ref queued) > 0 || TakeEvents(0) > 0 || stopping)
                {
                    spin.NoteSuccess(after);
                    return;
                }

                now = Stopwatch.GetTimestamp();
                if (!quiet || !spin.MaySpinOn(began, now))
                {
                    break;
                }
            }

            spin.NoteFailure();
            Sleep();
            return;
        }

        UseShortSlice(true);
        Sleep();
        spin.NoteSleep(began, Stopwatch.GetTimestamp());
    }

    /// <summary>
    /// A thread that sleeps with short time slices is scheduled before those that compute. A thread that spins must not request them: its
    /// yields would have no effect.
    /// </summary>
    private void UseShortSlice(bool isShort)
    {
        if (isShort != isSliceShort)
        {
            isSliceShort = isShort;
            ThreadSlice.Set(isShort);
        }
    }

    private void Sleep()
    {
        ILoopDoorbell[] known = doorbells;
        bool maySleep = true;
        int longest = -1;
        foreach (ILoopDoorbell doorbell in known)
        {
            maySleep &= doorbell.BeginSleep();
            int limit = doorbell.LongestSleep;
            longest = longest < 0 ? limit : limit < 0 ? longest : Math.Min(longest, limit);
        }

        Interlocked.Exchange(ref sleeping, 1);
        if (maySleep && Volatile.Read(ref queued) == 0 && !stopping && known == doorbells)
        {
            TakeEvents(longest);
        }

        Volatile.Write(ref sleeping, 0);
        foreach (ILoopDoorbell doorbell in known)
        {
            doorbell.EndSleep();
        }
    }

    /// <summary>Reads the events from epoll and adds the tasks concerned to the queue.</summary>
    /// <returns>How many events there were.</returns>
    private int TakeEvents(int milliseconds)
    {
        int count = watched.Wait(milliseconds);
        for (int n = 0; n < count; n++)
        {
            if (watched.Take(n, out uint events) is { } task)
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
        if (now < nextTick)
        {
            return;
        }

        nextTick = now + TickMilliseconds;
        foreach (ILoopDoorbell doorbell in doorbells)
        {
            if (doorbell.NeedsTick)
            {
                doorbell.Tick();
            }
        }
    }
}
