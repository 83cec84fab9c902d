using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace VpcComApi.VirtualMachines.Qemu.Qmp;

/// <summary>
/// A client of the QEMU Machine Protocol (https://www.qemu.org/docs/master/interop/qmp-spec.html): commands with answers, and events. Each
/// command has a time limit. What QEMU sends is bounded and checked, because a guest may have taken control of it.
/// </summary>
internal sealed class QmpClient : IAsyncDisposable
{
    /// <summary>The longest line that is read, in bytes.</summary>
    public const int MaxLineLength = 1024 * 1024;

    private const string Id = "id";

    private readonly Stream output;
    private readonly PipeReader input;
    private readonly Action<QmpEvent> onEvent;
    private readonly TimeSpan limit;
    private readonly TimeProvider timeProvider;
    private readonly SemaphoreSlim sending = new(1);
    private readonly Lock gate = new();
    private readonly Dictionary<long, TaskCompletionSource<JsonElement>> waiting = [];
    private readonly CancellationTokenSource ending = new();
    private Task reading = Task.CompletedTask;
    private long lastId;
    private string? gone;

    private QmpClient(Stream output, Stream input, Action<QmpEvent> onEvent, TimeSpan limit, TimeProvider timeProvider)
    {
        this.output = output;
        this.input = PipeReader.Create(input);
        this.onEvent = onEvent;
        this.limit = limit;
        this.timeProvider = timeProvider;
    }

    /// <summary>Waits for QEMU's greeting and leaves its negotiation mode.</summary>
    /// <param name="output">QEMU's standard input.</param>
    /// <param name="input">QEMU's standard output.</param>
    /// <param name="onEvent">Called for each event, in order, on the thread that reads; it must not wait.</param>
    /// <param name="greetingLimit">How long the greeting may take.</param>
    /// <param name="commandLimit">How long each command may take.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="QmpException">There was no greeting, or QEMU has ended.</exception>
    public static async Task<QmpClient> ConnectAsync(
        Stream output,
        Stream input,
        Action<QmpEvent> onEvent,
        TimeSpan greetingLimit,
        TimeSpan commandLimit,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        QmpClient client = new(output, input, onEvent, commandLimit, timeProvider);
        using CancellationTokenSource timeout = new(greetingLimit, timeProvider);
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            JsonElement? greeting = await client.ReadLineAsync(giveUp.Token);
            if (greeting is not { ValueKind: JsonValueKind.Object } object_ || !object_.TryGetProperty("QMP", out _))
            {
                throw new QmpException("(greeting)", "it has ended, or sent something else");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new QmpException("(greeting)", $"it was not received within {greetingLimit.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or JsonException)
        {
            throw new QmpException("(greeting)", e.Message);
        }

        client.reading = client.ReadAsync();
        await client.ExecuteAsync("qmp_capabilities", cancellationToken);
        return client;
    }

    /// <summary>Executes a command without arguments.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="cancellationToken">Ends the wait; QEMU may still execute it.</param>
    /// <returns>What it returned.</returns>
    /// <exception cref="QmpException">QEMU refused, did not answer in time, or has ended.</exception>
    public Task<JsonElement> ExecuteAsync(string command, CancellationToken cancellationToken) =>
        ExecuteAsync(command, null, cancellationToken);

    /// <summary>Executes a command.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="writeArguments">Writes the members of its arguments.</param>
    /// <param name="cancellationToken">Ends the wait; QEMU may still execute it.</param>
    /// <returns>What it returned.</returns>
    /// <exception cref="QmpException">QEMU refused, did not answer in time, or has ended.</exception>
    public async Task<JsonElement> ExecuteAsync(string command, Action<Utf8JsonWriter>? writeArguments, CancellationToken cancellationToken)
    {
        TaskCompletionSource<JsonElement> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        long id;
        lock (gate)
        {
            if (gone is not null)
            {
                throw new QmpException(command, gone);
            }

            id = ++lastId;
            waiting.Add(id, answer);
        }

        try
        {
            using CancellationTokenSource timeout = new(limit, timeProvider);
            using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            await SendAsync(command, id, writeArguments, giveUp.Token);
            return await answer.Task.WaitAsync(giveUp.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new QmpException(command, $"no answer within {limit.TotalSeconds:0} s");
        }
        catch (QmpRefusal refusal)
        {
            throw new QmpException(command, refusal.Message);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new QmpException(command, e.Message);
        }
        finally
        {
            lock (gate)
            {
                waiting.Remove(id);
            }
        }
    }

    /// <summary>Closes the connection to QEMU. Pending commands fail.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await reading;
        await input.CompleteAsync();
        await output.DisposeAsync();
    }

    private async Task SendAsync(string command, long id, Action<Utf8JsonWriter>? writeArguments, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> line = new();
        await using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            json.WriteString("execute", command);
            json.WriteNumber(Id, id);
            if (writeArguments is not null)
            {
                json.WriteStartObject("arguments");
                writeArguments(json);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        line.Write("\n"u8);
        await sending.WaitAsync(cancellationToken);
        try
        {
            // A partly written line would corrupt the next one, so the write itself is not cancelled.
            await output.WriteAsync(line.WrittenMemory, ending.Token);
            await output.FlushAsync(ending.Token);
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Reads answers and events until QEMU has ended.</summary>
    private async Task ReadAsync()
    {
        string why = "QEMU has ended";
        try
        {
            while (await ReadLineAsync(ending.Token) is { } line)
            {
                Dispatch(line);
            }
        }
        catch (OperationCanceledException)
        {
            why = "the machine has ended";
        }
        catch (Exception e) when (e is IOException or InvalidDataException or JsonException)
        {
            why = $"QEMU sent something that is not QMP: {e.Message}";
        }

        lock (gate)
        {
            gone = why;
            foreach (TaskCompletionSource<JsonElement> answer in waiting.Values)
            {
                answer.TrySetException(new QmpRefusal(why));
            }
        }
    }

    private void Dispatch(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException("a line is not an object");
        }

        if (line.TryGetProperty("event", out JsonElement name) && name.ValueKind == JsonValueKind.String)
        {
            line.TryGetProperty("data", out JsonElement data);
            onEvent(new QmpEvent(name.GetString()!, data));
            return;
        }

        if (!line.TryGetProperty(Id, out JsonElement idElement) || !idElement.TryGetInt64(out long id))
        {
            return;
        }

        TaskCompletionSource<JsonElement>? answer;
        lock (gate)
        {
            waiting.TryGetValue(id, out answer);
        }

        if (line.TryGetProperty("error", out JsonElement error))
        {
            answer?.TrySetException(new QmpRefusal(
                error.ValueKind == JsonValueKind.Object && error.TryGetProperty("desc", out JsonElement text)
                    ? text.ToString()
                    : "QEMU gave no reason"));
        }
        else
        {
            line.TryGetProperty("return", out JsonElement result);
            answer?.TrySetResult(result);
        }
    }

    /// <summary>Returns the next line; null at the end.</summary>
    private async Task<JsonElement?> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                using JsonDocument document = JsonDocument.Parse(buffer.Slice(0, end));
                JsonElement line = document.RootElement.Clone();
                input.AdvanceTo(buffer.GetPosition(1, end));
                return line;
            }

            if (buffer.Length > MaxLineLength)
            {
                throw new InvalidDataException($"a line has more than {MaxLineLength} bytes");
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    /// <summary>An answer that is not a result; converted to a <see cref="QmpException"/> by the code that knows the command.</summary>
    private sealed class QmpRefusal(string message) : Exception(message);
}
