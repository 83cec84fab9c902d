using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace VpcComApi.ComServer.Automation;

/// <summary>
/// A client's sink. Its events wait in a bounded queue and are delivered, in order, by a thread of the sink's own, which exists only while
/// there are any. So a sink that is slow, or never returns, holds up itself alone; a sink whose process is gone is dropped at its next
/// event.
/// </summary>
/// <remarks>No lock is held while a sink is called, nor while a reference to it is released: both go to the client's process.</remarks>
internal sealed partial class EventSink
{
    /// <summary>How many events may wait. What comes on top of that is lost to this sink.</summary>
    public const int QueueLimit = 1024;

    private readonly Lock gate = new();
    private readonly Queue<EventCall> waiting = new();
    private readonly Action<EventSink> onDead;
    private readonly ILogger logger;
    private nint dispatch;
    private bool delivering;
    private bool losing;
    private bool closed;

    /// <summary>Takes a sink over.</summary>
    /// <param name="dispatch">The sink's IDispatch; the reference becomes this object's.</param>
    /// <param name="cookie">The number it was given.</param>
    /// <param name="onDead">Called when the sink turns out to be gone.</param>
    /// <param name="logger">Where messages go.</param>
    public EventSink(nint dispatch, uint cookie, Action<EventSink> onDead, ILogger logger)
    {
        this.dispatch = dispatch;
        this.onDead = onDead;
        this.logger = logger;
        Cookie = cookie;
    }

    /// <summary>The number it was given.</summary>
    public uint Cookie { get; }

    /// <summary>A counted reference to the sink, or zero when it has been closed.</summary>
    public nint GetReference()
    {
        lock (gate)
        {
            if (!closed)
            {
                Marshal.AddRef(dispatch);
            }

            return closed ? 0 : dispatch;
        }
    }

    /// <summary>Queues an event. Returns at once.</summary>
    public void Post(EventCall call)
    {
        bool startedLosing = false;
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            if (waiting.Count >= QueueLimit)
            {
                startedLosing = !losing;
                losing = true;
            }
            else
            {
                losing = false;
                waiting.Enqueue(call);
                if (!delivering)
                {
                    delivering = true;
                    // A thread of its own and not one of the pool's: the sink may keep it for as long as its process lives.
                    new Thread(Deliver) { IsBackground = true, Name = $"Event sink {Cookie}" }.Start();
                }
            }
        }

        if (startedLosing)
        {
            LogLosingEvents(Cookie, QueueLimit);
        }
    }

    /// <summary>Takes no more events and lets the sink go.</summary>
    public void Close()
    {
        nint released = 0;
        lock (gate)
        {
            closed = true;
            waiting.Clear();
            if (!delivering)
            {
                // Else the thread that is in the sink now lets it go when it comes back.
                (released, dispatch) = (dispatch, 0);
            }
        }

        Release(released);
    }

    private static void Release(nint reference)
    {
        if (reference != 0)
        {
            Marshal.Release(reference);
        }
    }

    private void Deliver()
    {
        while (TryTake(out EventCall? call))
        {
            int result = DispatchCall.Invoke(dispatch, call);
            if (DispatchCall.IsGone(result))
            {
                LogSinkGone(Cookie, result);
                onDead(this);
            }
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EventCall? call)
    {
        nint released = 0;
        lock (gate)
        {
            if (waiting.TryDequeue(out call))
            {
                return true;
            }

            delivering = false;
            if (closed)
            {
                (released, dispatch) = (dispatch, 0);
            }
        }

        Release(released);
        return false;
    }

    [LoggerMessage(5020, LogLevel.Information, "Event sink {Cookie} is gone (0x{Result:X8}) and was dropped.")]
    private partial void LogSinkGone(uint cookie, int result);

    [LoggerMessage(5021, LogLevel.Warning,
        "Event sink {Cookie} does not keep up: {Limit} events wait for it, and further ones are lost to it.")]
    private partial void LogLosingEvents(uint cookie, int limit);
}
