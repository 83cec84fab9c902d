namespace VpcComApi.ComServer.Activation;

/// <summary>
/// Decides when the server may end: when for a whole idle time no client has held an object or a lock and nothing has run.
/// </summary>
/// <remarks>
/// <para>
/// The server holds one reference of its own on the process from start to idle, because COM suspends the class objects as soon as the count
/// is
/// zero: without it, a client that comes during the idle time would get a second server. When the time is over that reference is given up;
/// if COM then says that others remain, an activation was faster, and the server goes on.
/// </para>
/// <para>Everything happens by events: objects and locks that come and go, the host's work that begins and ends, and one timer.</para>
/// </remarks>
internal sealed class ServerLifetime : IDisposable
{
    private readonly Lock gate = new();
    private readonly IServerProcess process;
    private readonly Func<bool> isBusy;
    private readonly Func<bool, TimeSpan> waitingTime;
    private readonly ITimer timer;
    private TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider time;
    private int references;
    private bool reached;

    /// <summary>
    /// When the clock was last wound, and for how long. A timer that fires early, or late after a newer winding, is known by them.
    /// </summary>
    private long wound;
    private TimeSpan waiting;

    /// <summary>Starts the clock: a server that nobody comes to ends as well.</summary>
    /// <param name="process">COM's count.</param>
    /// <param name="isBusy">Whether something runs that must go on without clients.</param>
    /// <param name="waitingTime">How long the server waits for the next client; gets whether one has come yet.</param>
    /// <param name="time">The clock.</param>
    public ServerLifetime(IServerProcess process, Func<bool> isBusy, Func<bool, TimeSpan> waitingTime, TimeProvider time)
    {
        this.process = process;
        this.isBusy = isBusy;
        this.waitingTime = waitingTime;
        this.time = time;
        timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        process.AddReference();
        Touch();
    }

    /// <summary>Completes when the idle time is over and COM lets no more clients in.</summary>
    public Task Idle
    {
        get
        {
            lock (gate)
            {
                return idle.Task;
            }
        }
    }

    /// <summary>Whether a client holds an object or a lock.</summary>
    public bool HasClients
    {
        get
        {
            lock (gate)
            {
                return references > 0;
            }
        }
    }

    /// <summary>Something has come that keeps the server running: an object that a client holds, or a lock.</summary>
    public void AddReference()
    {
        lock (gate)
        {
            references++;
            reached = true;
            process.AddReference();
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>It has gone.</summary>
    public void ReleaseReference()
    {
        lock (gate)
        {
            if (references == 0)
            {
                return;
            }

            references--;
            process.ReleaseReference();
            if (references > 0)
            {
                // The clock stands while anything is held. A client that reads a machine lets go of an object every few calls, and to ask
                // the host whether it is busy costs more than such a call.
                return;
            }
        }

        Touch();
    }

    /// <summary>Winds the clock anew: a client has called, or the host's work has begun or ended.</summary>
    public void Touch()
    {
        // Asked outside the lock: the host raises its events under locks of its own.
        bool busy = isBusy();
        TimeSpan timeout = waitingTime(Volatile.Read(ref reached));
        lock (gate)
        {
            wound = time.GetTimestamp();
            waiting = timeout;
            timer.Change(busy || references > 0 ? Timeout.InfiniteTimeSpan : timeout, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Takes the decision to end back: a client came through after all.</summary>
    public void GoOn()
    {
        lock (gate)
        {
            process.AddReference();
            idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Touch();
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void OnTimer()
    {
        bool busy = isBusy();
        lock (gate)
        {
            if (busy || references > 0 || idle.Task.IsCompleted)
            {
                // The end of the work or the last release winds the clock again.
                return;
            }

            TimeSpan left = waiting - time.GetElapsedTime(wound);
            if (left > TimeSpan.Zero)
            {
                timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            if (process.ReleaseReference())
            {
                idle.SetResult();
                return;
            }

            process.AddReference();
        }

        Touch();
    }
}
