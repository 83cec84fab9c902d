using System.Text;
using System.Text.Json;
using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.GuestServices.Machines.Emulated;

/// <summary>
/// The guest's end of an emulated machine's board. Standard input contains the board's description, the answers to writes, and the input of
/// its devices; its end means that the machine was turned off. Standard output contains the writes to the machine's non-volatile memory and
/// to its devices.
/// </summary>
internal sealed class EmulatedBoard : IDisposable
{
    private readonly Stream output;
    private readonly IEnumerator<string> lines;
    private readonly SemaphoreSlim storing = new(1);
    private readonly SemaphoreSlim writing = new(1);
    private readonly TaskCompletionSource powerLost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<string>? answer;

    private EmulatedBoard(IEnumerator<string> lines, Stream output, BoardDescription description)
    {
        this.lines = lines;
        this.output = output;
        Description = description;
    }

    /// <summary>The description of the machine for its guest.</summary>
    public BoardDescription Description { get; }

    /// <summary>Raised, on the board's thread, when a device has received something. Must be quick.</summary>
    public event Action<BoardInput>? Received;

    /// <summary>Completes when the machine was turned off: by its host, or because the host has ended.</summary>
    public Task PowerLost => powerLost.Task;

    /// <summary>Waits for the board's description and begins to read standard input.</summary>
    /// <param name="input">Standard input.</param>
    /// <param name="output">Standard output.</param>
    /// <exception cref="InvalidDataException">The first line is not a description, or there is none.</exception>
    public static EmulatedBoard PowerOn(Stream input, Stream output)
    {
        // The description contains all parameters, so it may be as long as all of them.
        const int MaxDescriptionLength = BoardWrite.MaxLineLength * BoardWrite.MaxParameters;
        IEnumerator<string> lines = new BoundedLineReader(input, MaxDescriptionLength).ReadAll().GetEnumerator();
        if (!lines.MoveNext())
        {
            throw new InvalidDataException("Standard input ended before the machine described its board.");
        }

        EmulatedBoard board;
        try
        {
            board = new EmulatedBoard(lines, output, JsonSerializer.Deserialize(lines.Current, BoardJson.Default.BoardDescription)!);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The first line of standard input does not describe a board: {e.Message}", e);
        }

        new Thread(board.WatchInput) { IsBackground = true, Name = "Power" }.Start();
        return board;
    }

    /// <summary>Writes to the machine's non-volatile memory.</summary>
    /// <param name="write">What to write.</param>
    /// <param name="cancellationToken">Cancels the wait for the lock; a write that has begun ends with the answer or when the machine is
    /// turned off.</param>
    /// <returns>False when the machine refused.</returns>
    public async Task<bool> WriteAsync(BoardWrite write, CancellationToken cancellationToken)
    {
        await storing.WaitAsync(cancellationToken);
        try
        {
            TaskCompletionSource<string> waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref answer, waiting);
            await WriteLineAsync(JsonSerializer.Serialize(write, BoardJson.Default.BoardWrite));
            return await waiting.Task == BoardWrite.Stored;
        }
        finally
        {
            storing.Release();
        }
    }

    /// <summary>Writes to the machine's display.</summary>
    /// <param name="screen">What to write.</param>
    public Task WriteAsync(BoardScreen screen) => WriteAsync(new BoardOutput { Screen = screen });

    /// <summary>Writes to one of the machine's devices.</summary>
    /// <param name="message">What to write.</param>
    public Task WriteAsync(BoardOutput message) => WriteLineAsync(JsonSerializer.Serialize(message, BoardJson.Default.BoardOutput));

    /// <summary>Releases the board, when the guest ends.</summary>
    public void Dispose()
    {
        storing.Dispose();
        writing.Dispose();
    }

    private async Task WriteLineAsync(string line)
    {
        await writing.WaitAsync(CancellationToken.None);
        try
        {
            await output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), CancellationToken.None);
            await output.FlushAsync(CancellationToken.None);
        }
        finally
        {
            writing.Release();
        }
    }

    private static BoardInput? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, BoardJson.Default.BoardInput);
        }
        catch (JsonException)
        {
            // A newer host may have devices that this guest does not know.
            return null;
        }
    }

    private void WatchInput()
    {
        while (lines.MoveNext())
        {
            if (lines.Current.StartsWith('{'))
            {
                if (Parse(lines.Current) is { } input)
                {
                    Received?.Invoke(input);
                }
            }
            else
            {
                Interlocked.Exchange(ref answer, null)?.TrySetResult(lines.Current);
            }
        }

        powerLost.SetResult();
    }
}
