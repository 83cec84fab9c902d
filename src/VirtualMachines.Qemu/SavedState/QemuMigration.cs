using System.Net.Sockets;
using System.Text.Json;
using VpcComApi.VirtualMachines.Qemu.Processes;
using VpcComApi.VirtualMachines.Qemu.Qmp;

namespace VpcComApi.VirtualMachines.Qemu.SavedState;

/// <summary>
/// Saves the state of a machine from QEMU and restores it into another QEMU, over a Unix socket in the machine's folder. QEMU calls both a
/// migration.
/// </summary>
/// <param name="folder">A folder that only this user may enter.</param>
/// <param name="process">QEMU.</param>
/// <param name="control">Its control channel.</param>
/// <param name="options">Limits.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class QemuMigration(
    string folder, QemuProcess process, QmpClient control, QemuMachineOptions options, TimeProvider timeProvider)
{
    private const string SocketName = "state";

    private const string Completed = "completed";

    /// <summary>The interval in which QEMU's progress is queried.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private readonly string socketPath = Path.Combine(folder, SocketName);

    /// <summary>Guards <see cref="outcome"/>.</summary>
    private readonly Lock sync = new();

    private TaskCompletionSource<string>? outcome;

    /// <summary>Makes QEMU send its events of migrations.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="QmpException">QEMU refused or did not answer.</exception>
    public Task EnableEventsAsync(CancellationToken cancellationToken) =>
        control.ExecuteAsync("migrate-set-capabilities", WriteCapabilities, cancellationToken);

    /// <summary>Processes an event. Must not wait.</summary>
    /// <param name="status">QEMU's current status of the migration.</param>
    public void OnEvent(string status)
    {
        if (status is Completed or "failed" or "cancelled")
        {
            lock (sync)
            {
                outcome?.TrySetResult(status);
            }
        }
    }

    /// <summary>Writes the state of a machine that is stopped to a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">The header of the file.</param>
    /// <param name="progress">Receives up to 99.</param>
    /// <param name="cancellationToken">Gives up; no file is left.</param>
    /// <exception cref="QmpException">QEMU failed.</exception>
    /// <exception cref="VirtualMachineException">The file could not be written.</exception>
    public async Task SaveAsync(string path, QemuStateHeader header, IProgress<int> progress, CancellationToken cancellationToken)
    {
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socketPath));
        listener.Listen(1);
        Task<string> finished = ExpectAsync();
        await control.ExecuteAsync("migrate", json => json.WriteString("uri", "unix:" + socketPath), cancellationToken);
        using CancellationTokenSource reporting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reports = ReportProgressAsync(progress, reporting.Token);
        try
        {
            await using NetworkStream stream = new(await AcceptAsync(listener, finished, cancellationToken), ownsSocket: true);
            await QemuStateFile.WriteAsync(
                path, header, stream, async () => await CheckAsync(finished, cancellationToken), cancellationToken);
        }
        finally
        {
            await reporting.CancelAsync();
            await reports;
        }
    }

    /// <summary>Stops a migration whose state could not be written.</summary>
    /// <exception cref="QmpException">QEMU refused or did not answer.</exception>
    public Task CancelAsync() => control.ExecuteAsync("migrate_cancel", CancellationToken.None);

    /// <summary>Restores a state into a QEMU that waits for one.</summary>
    /// <param name="state">The migration stream.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Whether QEMU has accepted it; if not, <see cref="QemuProcess.LastMessage"/> may give the reason.</returns>
    /// <exception cref="QmpException">QEMU refused or did not answer.</exception>
    public async Task<bool> TryRestoreAsync(Stream state, CancellationToken cancellationToken)
    {
        Task<string> finished = ExpectAsync();
        await control.ExecuteAsync("migrate-incoming", json => json.WriteString("uri", "unix:" + socketPath), cancellationToken);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            await using NetworkStream stream = new(socket, ownsSocket: false);
            await state.CopyToAsync(stream, cancellationToken);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // QEMU has stopped reading; its status or its exit gives the reason.
        }

        Task first = await Task.WhenAny(finished, process.Exited).WaitAsync(cancellationToken);
        if (first == finished && await finished == Completed)
        {
            return true;
        }

        await process.DrainAsync()
            .WaitAsync(options.QuitLimit, timeProvider, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return false;
    }

    private Task<string> ExpectAsync()
    {
        lock (sync)
        {
            outcome = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            return outcome.Task;
        }
    }

    /// <summary>Waits for QEMU's connection, or for the failure of the migration.</summary>
    private static async Task<Socket> AcceptAsync(Socket listener, Task<string> finished, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<Socket> accepting = listener.AcceptAsync(stop.Token).AsTask();
        if (await Task.WhenAny(accepting, finished) == finished && !accepting.IsCompleted)
        {
            await stop.CancelAsync();
            await ((Task)accepting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new QmpException("migrate", $"it {await finished} before it began");
        }

        return await accepting;
    }

    /// <summary>The stream has ended: returns whether it is complete.</summary>
    private async Task CheckAsync(Task<string> finished, CancellationToken cancellationToken)
    {
        string status = await finished.WaitAsync(options.CommandLimit, timeProvider, cancellationToken);
        if (status != Completed)
        {
            JsonElement result = await control.ExecuteAsync("query-migrate", cancellationToken);
            throw new QmpException("migrate", result.TryGetProperty("error-desc", out JsonElement why) ? why.ToString() : $"it {status}");
        }
    }

    private async Task ReportProgressAsync(IProgress<int> progress, CancellationToken cancellationToken)
    {
        const int Almost = 99;
        try
        {
            using PeriodicTimer timer = new(ProgressInterval, timeProvider);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                JsonElement state = await control.ExecuteAsync("query-migrate", cancellationToken);
                if (state.TryGetProperty("ram", out JsonElement ram)
                    && ram.TryGetProperty("total", out JsonElement total) && total.TryGetInt64(out long all) && all > 0
                    && ram.TryGetProperty("remaining", out JsonElement remaining) && remaining.TryGetInt64(out long left))
                {
                    progress.Report((int)Math.Clamp(Almost * (all - left) / all, 0, Almost));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or QmpException)
        {
            // The failure is reported by the wait for the state.
        }
    }

    private static void WriteCapabilities(Utf8JsonWriter json)
    {
        json.WriteStartArray("capabilities");
        json.WriteStartObject();
        json.WriteString("capability", "events");
        json.WriteBoolean("state", true);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
