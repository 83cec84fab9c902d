using System.Collections.Concurrent;

namespace VpcComApi.VirtualDisks;

/// <summary>Reads on one thread, a few pieces ahead, while another writes what was read before.</summary>
internal static class ReadAhead
{
    /// <summary>The most pieces that wait to be written.</summary>
    private const int Pieces = 3;

    /// <summary>Passes pieces from reading to writing, in order. When either fails, both have ended when the failure is thrown.</summary>
    /// <typeparam name="T">A piece.</typeparam>
    /// <param name="read">Reads; enumerated on a thread of its own.</param>
    /// <param name="write">Writes one piece, on the caller's thread.</param>
    public static void Run<T>(IEnumerable<T> read, Action<T> write)
    {
        using CancellationTokenSource givenUp = new();
        using BlockingCollection<T> waiting = new(Pieces);
#pragma warning disable RS0030 // Reading and writing overlap on two threads; the task is awaited below.
        Task reading = Task.Run(() =>
        {
            try
            {
                foreach (T piece in read)
                {
                    waiting.Add(piece, givenUp.Token);
                }
            }
            finally
            {
                waiting.CompleteAdding();
            }
        });
#pragma warning restore RS0030
        try
        {
            foreach (T piece in waiting.GetConsumingEnumerable())
            {
                write(piece);
            }
        }
        catch
        {
            givenUp.Cancel();
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
            _ = reading.Exception;
            throw;
        }

#pragma warning disable VSTHRD002 // Disk calls are synchronous. The task has its own thread, and has added its last piece.
        reading.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }
}
