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
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The thread disposes them when "
    + "it ends.")]
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

    /// <summary>Threads of all loops of this process: one while somebody uses the loop, and none soon after.</summary>
    internal static int ThreadCount => threads;

    /// <summary>Returns this process's loop, and starts it for the first user. <see cref="Release"/> must follow.</summary>
    /// <exception cref="IOException">The system has no descriptors left.</exception>
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

    /// <summary>Gives the loop back. The last user's ends the thread.</summary>
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

    /// <summary>Puts a task into the queue, unless it stands there.</summary>
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

    /// <summary>Listens no more. A call that is under way may still come to its end afterwards.</summary>
    public void Remove(ILoopDoorbell doorbell)
    {
        lock (gate)
        {
            doorbells = [.. doorbells.Where(other => other != doorbell)];
        }
    }

    /// <summary>Ends the loop's sleep, if it sleeps.</summary>
    private void Wake()
    {
        // Whoever sleeps has said so before its last look at what was written before this.
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

    /// <summary>Waits until there is something to do: looking for it at first if that pays, then asleep.</summary>
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
    /// A sleeper that asks for short slices is put in front of those who compute. A spinner must not ask: its yields would give way to
    /// nobody.
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

    /// <summary>Takes what epoll has and puts the tasks concerned into the queue.</summary>
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
