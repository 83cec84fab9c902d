using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using VpcComApi.Platform.Wine;
using VpcComApi.VirtualMachines.Qemu.Processes;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// A program of the Unix system below Wine. Wine starts such a program, but reports neither its process id nor its end, and cannot pass
/// pipes to it; the only streams that it passes are sockets, as standard input and output. So the program is started by a shell with two
/// sockets: one becomes the program's standard input and output, the other is the control socket between the shell and this process. The
/// shell sends over the control socket the program's id, what it writes to standard error, and its exit code; the id and the exit code are
/// records of fixed length at the beginning and at the end, the last one with a token that the program does not know. When this process's
/// end of the control socket closes, for whatever reason, the shell kills the program.
/// </summary>
internal sealed class WineProgram : LaunchedProgram
{
    private const string Shell = WineHost.UnixRoot + @"bin\sh";

    /// <summary>
    /// The shell's script. The program and the arguments are parameters of the shell and never text of the script. Wine's sockets do not
    /// block, and of the standard commands only a shell that reads its script from such a socket can wait for its end: therefore an inner
    /// shell waits for the end of the control socket. It runs longer than the program, until this process closes the control socket.
    /// </summary>
    private const string Script = """
        umask 077
        exec 3<&0 4>&1 2>/dev/null
        token=$1
        shift
        trap '' HUP INT
        /bin/sh -c 'printf "pid %010d\n" "$$" >&3; exec "$@" 2>&3 3>&- 4>&-' sh "$@" <&4 >&4 &
        program=$!
        { /bin/sh <&3 >/dev/null; kill -KILL "$program"; } 4>&- &
        watcher=$!
        exec 0<&- 1>&- 4>&-
        wait "$program"
        code=$?
        kill -KILL "$watcher"
        printf 'exit %03d %s\n' "$code" "$token" >&3
        """;

    private const string BeginningTitle = "pid ";
    private const string EndTitle = "exit ";
    private const int BeginningLength = 15;

    /// <summary>"exit 000 TOKEN" and a line end.</summary>
    private const int EndLength = 5 + 3 + 1 + TokenLength + 1;

    private const int TokenLength = 32;

    /// <summary>The reported exit code of a program whose shell was killed.</summary>
    private const int UnknownExit = 255;

    /// <summary>How long the shell may take to start.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly NetworkStream streams;
    private readonly Socket control;
    private readonly string token;
    private readonly Pipe errors = new(new PipeOptions(useSynchronizationContext: false));

    private WineProgram(Socket streams, Socket control, string token, int id)
    {
        this.streams = new NetworkStream(streams, ownsSocket: true);
        this.control = control;
        this.token = token;
        Id = id;
        Errors = errors.Reader.AsStream();
        Exited = ReadControlAsync();
    }

    /// <inheritdoc/>
    public override int Id { get; }

    /// <inheritdoc/>
    public override Stream Input => streams;

    /// <inheritdoc/>
    public override Stream Output => streams;

    /// <inheritdoc/>
    public override Stream Errors { get; }

    /// <inheritdoc/>
    public override Task<int> Exited { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// From the state that follows the name in parentheses; see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html.
    /// </remarks>
    public override TimeSpan ReadProcessorTime()
    {
        const int UserTimeField = 11;
        const int SystemTimeField = 12;
        const long TicksPerSecond = 100;
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $@"{WineHost.UnixRoot}proc\{Id}\stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            long ticks = long.Parse(fields[UserTimeField], CultureInfo.InvariantCulture)
                + long.Parse(fields[SystemTimeField], CultureInfo.InvariantCulture);
            return TimeSpan.FromTicks(ticks * (TimeSpan.TicksPerSecond / TicksPerSecond));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            throw new IOException($"The processor time of process {Id} could not be read: {e.Message}", e);
        }
    }

    /// <summary>Starts a program.</summary>
    /// <inheritdoc cref="LaunchedProgram.StartAsync"/>
    [SupportedOSPlatform("windows")]
    public static new async Task<WineProgram> StartAsync(string path, IEnumerable<string> arguments)
    {
        Socket? streams = null;
        Socket? control = null;
        string token = Guid.NewGuid().ToString("N");
        try
        {
            (streams, Socket theirStreams) = LoopbackPair.Make();
            using (theirStreams)
            {
                (control, Socket theirControl) = LoopbackPair.Make();
                using (theirControl)
                {
                    NativeLauncher.Start(
                        Shell,
                        ["sh", "-c", Script, "sh", token, QemuPath.Of(path), .. arguments],
                        theirControl.Handle,
                        theirStreams.Handle);
                }
            }

            return new WineProgram(streams, control, token, await ReadIdAsync(control));
        }
        catch (Exception e)
        {
            streams?.Dispose();
            control?.Dispose();
            throw e is SocketException or OperationCanceledException or VirtualMachineException
                ? new IOException($"the shell that starts it did not answer: {e.Message}", e)
                : e;
        }
    }

    /// <inheritdoc/>
    public override void Kill()
    {
        try
        {
            control.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended.
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        control.Dispose();
        streams.Dispose();
    }

    private static async Task<int> ReadIdAsync(Socket control)
    {
        using CancellationTokenSource limit = new(StartLimit);
        byte[] record = new byte[BeginningLength];
        int length = 0;
        while (length < record.Length)
        {
            int read = await control.ReceiveAsync(record.AsMemory(length), limit.Token);
            length += read > 0 ? read : throw new IOException("the shell that starts it ended at once");
        }

        string text = Encoding.ASCII.GetString(record);
        return text.StartsWith(BeginningTitle, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(BeginningTitle.Length).TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? id
            : throw new IOException($"the shell that starts it printed '{text.Trim()}'");
    }

    /// <summary>Passes on what the program writes to standard error, up to the record of its end.</summary>
    private async Task<int> ReadControlAsync()
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        int? exitCode = null;
        try
        {
            while (exitCode is null && await control.ReceiveAsync(buffer.AsMemory(length)) is > 0 and int read)
            {
                length += read;
                int passed = Math.Max(0, length - EndLength);
                await errors.Writer.WriteAsync(buffer.AsMemory(0, passed));
                buffer.AsSpan(passed, length - passed).CopyTo(buffer);
                length -= passed;
                exitCode = ReadEnd(Encoding.ASCII.GetString(buffer, 0, length), token);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The shell was killed, or the socket was closed by this process.
        }

        if (exitCode is null)
        {
            await errors.Writer.WriteAsync(buffer.AsMemory(0, length));
        }

        await errors.Writer.CompleteAsync();
        control.Dispose();
        return exitCode ?? UnknownExit;
    }

    /// <summary>Reads the exit code from the record of the end.</summary>
    /// <returns>Null when the text is not such a record.</returns>
    private static int? ReadEnd(string text, string token) =>
        text.Length == EndLength && text.StartsWith(EndTitle, StringComparison.Ordinal)
            && text.EndsWith(token + "\n", StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(EndTitle.Length, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int code)
            ? code
            : null;
}
