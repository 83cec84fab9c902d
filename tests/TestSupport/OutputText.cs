using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.TestSupport;

/// <summary>
/// Text that a program writes, kept as it arrives and watched for what a test waits for. It is read on a thread of its own: a test that
/// moves much data keeps every thread of the pool busy, and what the program wrote would wait behind that for seconds.
/// </summary>
internal sealed partial class OutputText
{
    /// <summary>
    /// How long nothing may arrive until the output of an ended program counts as complete, where a pipe cannot be asked.
    /// </summary>
    private static readonly TimeSpan OutputIsComplete = TimeSpan.FromSeconds(5);

    /// <summary>The time limit of poll(2) that means none.</summary>
    private const int Forever = -1;

    private readonly Stream stream;

    /// <summary>The pipe that can be asked; null on Windows.</summary>
    private readonly SafePipeHandle? pipe;
    private readonly Task reading;

    /// <summary>Held while something is taken from the pipe and added to the text, so that nothing is between the two outside it.</summary>
    private readonly Lock taking = new();
    private readonly byte[] bytes = new byte[4096];
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    /// <summary>Guards what follows.</summary>
    private readonly Lock gate = new();
    private readonly StringBuilder text = new();
    private readonly List<(string Text, TaskCompletionSource<bool> Seen)> watches = [];
    private bool ended;
    private long arrivals;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">What the program writes to, as <see cref="System.Diagnostics.Process"/> gives it.</param>
    public OutputText(Stream stream)
    {
        this.stream = stream;
        pipe = OperatingSystem.IsWindows() ? null : (stream as System.IO.Pipes.PipeStream)?.SafePipeHandle;
        reading = Task.Factory.StartNew(ReadAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>True once the text is there, false when the stream ends without it.</summary>
    public Task<bool> ContainsAsync(string wanted)
    {
        lock (gate)
        {
            if (ended || Holds(wanted))
            {
                return Task.FromResult(Holds(wanted));
            }

            TaskCompletionSource<bool> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
            watches.Add((wanted, seen));
            return seen.Task;
        }
    }

    /// <summary>
    /// Reads what a program that has ended has left in its pipe. The pipe need not end with the program: under Wine, a COM server that the
    /// program's call has started inherits it.
    /// </summary>
    public async Task CompleteAsync()
    {
        if (pipe is not null)
        {
            while (TakeIfReady(pipe))
            {
            }

            return;
        }

        long before;
        do
        {
            before = Interlocked.Read(ref arrivals);
            await Task.WhenAny(reading, Task.Delay(OutputIsComplete));
        }
        while (!reading.IsCompleted && before != Interlocked.Read(ref arrivals));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (gate)
        {
            return text.ToString();
        }
    }

    private void ReadAll()
    {
        bool referenced = false;
        try
        {
            pipe?.DangerousAddRef(ref referenced);
            while (!HasEnded())
            {
                if (pipe is null)
                {
                    Take();
                }
                else if (IsReady(pipe, Forever))
                {
                    TakeIfReady(pipe);
                }
            }
        }
        finally
        {
            End();
            if (referenced)
            {
                pipe!.DangerousRelease();
            }
        }
    }

    /// <summary>Takes what is in the pipe now.</summary>
    /// <returns>Whether there was something.</returns>
    private bool TakeIfReady(SafePipeHandle pipe)
    {
        lock (taking)
        {
            return !HasEnded() && IsReady(pipe, milliseconds: 0) && Take();
        }
    }

    /// <returns>False at the end of the stream.</returns>
    private bool Take()
    {
        int count;
        try
        {
            count = stream.Read(bytes);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program was killed and its pipe closed under the reader: what came before counts.
            count = 0;
        }

        if (count == 0)
        {
            End();
            return false;
        }

        char[] characters = new char[count + 1];
        Append(characters.AsSpan(0, decoder.GetChars(bytes.AsSpan(0, count), characters, flush: false)));
        return true;
    }

    private void Append(ReadOnlySpan<char> part)
    {
        Interlocked.Increment(ref arrivals);
        lock (gate)
        {
            text.Append(part).Replace("\r\n", "\n");
            foreach ((string wanted, TaskCompletionSource<bool> seen) in watches.FindAll(watch => Holds(watch.Text)))
            {
                seen.TrySetResult(true);
                watches.Remove((wanted, seen));
            }
        }
    }

    private bool HasEnded()
    {
        lock (gate)
        {
            return ended;
        }
    }

    private void End()
    {
        lock (gate)
        {
            ended = true;
            watches.ForEach(watch => watch.Seen.TrySetResult(false));
            watches.Clear();
        }
    }

    private bool Holds(string wanted) => text.ToString().Contains(wanted, StringComparison.Ordinal);

    /// <param name="pipe">The pipe.</param>
    /// <param name="milliseconds">How long to wait at most; 0 not at all, -1 without a limit.</param>
    private static bool IsReady(SafePipeHandle pipe, int milliseconds)
    {
        PollRequest request = new() { Descriptor = pipe.DangerousGetHandle().ToInt32(), Events = PollRequest.Input };
        return Poll(ref request, 1, milliseconds) > 0;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollRequest requests, nuint count, int milliseconds);

    /// <summary>poll(2)'s <c>struct pollfd</c>.</summary>
    private struct PollRequest
    {
        public const short Input = 1;

        public int Descriptor;
        public short Events;
        public short Answered;
    }
}
