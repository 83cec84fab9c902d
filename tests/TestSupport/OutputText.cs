using System.Text;

namespace VpcComApi.TestSupport;

/// <summary>Text that a program writes, kept as it arrives and watched for what a test waits for.</summary>
internal sealed class OutputText
{
    private readonly Lock gate = new();
    private readonly StringBuilder text = new();
    private readonly List<(string Text, TaskCompletionSource<bool> Seen)> watches = [];
    private bool ended;
    private long arrivals;

    /// <summary>Reads until the stream ends.</summary>
    public async Task ReadAllAsync(StreamReader reader)
    {
        char[] buffer = new char[4096];
        try
        {
            for (int count = await reader.ReadAsync(buffer); count > 0; count = await reader.ReadAsync(buffer))
            {
                Append(buffer.AsSpan(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program was killed and its pipe closed under the reader: what came before counts.
        }
        finally
        {
            End();
        }
    }

    /// <summary>How often something has arrived so far.</summary>
    public long Arrivals => Interlocked.Read(ref arrivals);

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

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (gate)
        {
            return text.ToString();
        }
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
}
