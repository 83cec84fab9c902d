using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Threading.Channels;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Machines.Emulated;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Terminals;

/// <summary>
/// The console of an emulated guest: screen, keyboard, mouse and serial lines. Several loops run at the same time: one reads the input of
/// keyboard and mouse, one sends changes of the screen to the display, and two for each serial line receive and send. A line whose other
/// end does not read blocks no other one. Commands of all lines are executed one after the other.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A semaphore without a wait "
    + "handle holds nothing.")]
internal sealed class EmulatedConsole
{
    private const string Prompt = "guest> ";

    /// <summary>The most waiting messages of the devices, each of up to 64 keystrokes; further ones are lost, as in a PC.</summary>
    private const int MaxWaitingInput = 4096;

    private readonly EmulatedBoard board;
    private readonly EmulatedGuestMachine machine;
    private readonly Func<IReadOnlyList<IntegrationDevice>> devices;
    private readonly TextScreen screen;
    private readonly LineEditor editor;
    private readonly KeyDecoder keys = new();
    private readonly PointingDevice mouse;
    private readonly CommandShell shell;
    private readonly GuestSerialPort[] ports;
    private readonly SerialSession[] lines;

    /// <summary>Held while the status line is composed and shown, so that the last one shown is the last one composed.</summary>
    private readonly Lock status = new();

    /// <summary>Held by the command that is executed.</summary>
    private readonly SemaphoreSlim executing = new(1);

    private readonly Channel<BoardInput> input = Channel.CreateBounded<BoardInput>(
        new BoundedChannelOptions(MaxWaitingInput) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Channel<bool> repaint = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Creates the console and begins to receive input from the devices.</summary>
    /// <param name="board">The machine's board.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="screen">The screen.</param>
    /// <param name="facts">Reads information about the guest.</param>
    /// <param name="devices">Lists the integration devices.</param>
    public EmulatedConsole(
        EmulatedBoard board,
        EmulatedGuestMachine machine,
        TextScreen screen,
        IOperatingSystemFacts facts,
        Func<IReadOnlyList<IntegrationDevice>> devices)
    {
        this.board = board;
        this.machine = machine;
        this.devices = devices;
        this.screen = screen;
        editor = new LineEditor(screen);
        mouse = new PointingDevice(screen);
        shell = new CommandShell(board.Description, machine, facts, devices, mouse);
        ports = [.. Enumerable.Range(0, BoardSerial.PortCount).Select(port => new GuestSerialPort(port, board.WriteAsync))];
        lines = [.. ports.Select(port => new SerialSession(new SerialTerminal(port.Send)))];
        screen.Changed += () => repaint.Writer.TryWrite(true);
        screen.Resized += ShowStatus;
        machine.HostChanged += ShowStatus;
        board.Received += Receive;
    }

    /// <summary>Shows the boot messages, and then executes the user's commands.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Boot();
        try
        {
            await Task.WhenAll(
            [
                TakeInputAsync(cancellationToken),
                PaintAsync(cancellationToken),
                .. ports.Select(port => port.RunAsync(cancellationToken)),
                .. ports.Zip(lines, (port, line) => ServeAsync(port, line, cancellationToken)),
            ]);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The guest is ending, or its machine has ended.
        }
    }

    /// <summary>Waits, when the guest shuts down, until everything sent over the serial lines has reached the machine.</summary>
    /// <param name="limit">How long it waits for a reader that does not read.</param>
    public async Task FlushAsync(TimeSpan limit)
    {
        using CancellationTokenSource late = new(limit);
        foreach (GuestSerialPort port in ports)
        {
            try
            {
                await port.FlushAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                // Nobody reads that line, and the guest is ending.
            }
        }
    }

    /// <summary>Shows in the status line what holds now: whether the host is connected, and how many channels there are.</summary>
    public void ShowStatus()
    {
        lock (status)
        {
            (int width, _) = screen.Size;
            int channels = devices().Count / 2;
            string right = string.Create(
                CultureInfo.InvariantCulture,
                $"guest service: {(machine.HasHost ? "connected" : "waiting for the host")} | channels: {channels} ");
            int room = Math.Max(0, (width / BoardScreen.CellWidth) - right.Length - 2);
            string name = board.Description.MachineName;
            screen.ShowStatus(" " + (name.Length <= room ? name : name[..room]).PadRight(room) + " " + right);
        }
    }

    private void Receive(BoardInput received)
    {
        if (received.Serial is { Data.Length: > 0 } bytes && IsPort(bytes.Port))
        {
            ports[bytes.Port].Receive(bytes.Data);
        }
        else if (received.SerialReady is { } ready && IsPort(ready))
        {
            ports[ready].TakeReady();
        }
        else
        {
            input.Writer.TryWrite(received);
        }
    }

    private bool IsPort(int port) => port >= 0 && port < ports.Length;

    private void Boot()
    {
        ShowStatus();
        WriteBoth("VpcComApi emulated machine\n\n", TextColor.Heading);
        WriteBoth(shell.Describe(), TextColor.Normal);
        WriteBoth("\nThe guest is up. Type help and press Enter.\n\n", TextColor.Normal);
        screen.Write(Prompt, TextColor.Prompt);
        foreach (SerialSession line in lines)
        {
            line.Terminal.Write(Prompt);
        }
    }

    /// <summary>Writes to the screen and to COM1, as a PC does with boot messages.</summary>
    private void WriteBoth(string text, byte color)
    {
        screen.Write(text, color);
        lines[0].Terminal.Write(text);
    }

    private async Task PaintAsync(CancellationToken cancellationToken)
    {
        await foreach (bool _ in repaint.Reader.ReadAllAsync(cancellationToken))
        {
            foreach (BoardScreen part in screen.TakeChanges())
            {
                await board.WriteAsync(part);
            }
        }
    }

    private async Task TakeInputAsync(CancellationToken cancellationToken)
    {
        await foreach (BoardInput received in input.Reader.ReadAllAsync(cancellationToken))
        {
            foreach (int key in received.Keys ?? [])
            {
                await TakeAsync(keys.Take(key), cancellationToken);
            }

            if (received.Mouse is { } move)
            {
                mouse.Take(move);
            }
        }
    }

    private async Task TakeAsync(KeyPress press, CancellationToken cancellationToken)
    {
        switch (press.Edit)
        {
            case EditKey.Restart:
                await machine.ShutdownFromInsideAsync(restart: true);
                break;
            case EditKey.ClearScreen:
                screen.Clear();
                screen.Write(Prompt, TextColor.Prompt);
                editor.Repaint();
                break;
            case EditKey.Help:
                screen.Write("\n");
                await ExecuteAsync("help", cancellationToken);
                editor.Repaint();
                break;
            default:
                if (editor.Take(press) is { } line)
                {
                    await ExecuteAsync(line, cancellationToken);
                }

                break;
        }
    }

    private async Task ExecuteAsync(string line, CancellationToken cancellationToken)
    {
        await ExecuteAsync(line, screen, cancellationToken);
        screen.Write(Prompt, TextColor.Prompt);
    }

    private async Task ExecuteAsync(string line, ITerminal terminal, CancellationToken cancellationToken)
    {
        await executing.WaitAsync(cancellationToken);
        try
        {
            await shell.ExecuteAsync(line, terminal, cancellationToken);
        }
        finally
        {
            executing.Release();
        }
    }

    /// <summary>
    /// Processes the input of a serial line byte by byte, each byte only when there is room for the output that it may cause.
    /// </summary>
    private async Task ServeAsync(GuestSerialPort port, SerialSession session, CancellationToken cancellationToken)
    {
        SerialTransfer transfer = new(port, session.Terminal);
        byte[] next = new byte[1];
        while (true)
        {
            await port.WaitForRoomAsync(cancellationToken);
            await port.ReadAsync(next, cancellationToken);
            if (session.Take(next[0]) is not { } line)
            {
                continue;
            }

            if (machine.Sessions.IsLocked || !await transfer.TryExecuteAsync(line, cancellationToken))
            {
                await ExecuteAsync(line, session.Terminal, cancellationToken);
            }

            session.Terminal.Write(Prompt);
        }
    }
}
