using System.Collections.Concurrent;
using System.Threading.Channels;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Tests.Peripherals;

/// <summary>A display, a keyboard, a mouse and a serial port in memory, which remember what was asked of them.</summary>
internal sealed class FakeDevices : IDisplayDevice, IKeyboardDevice, IMouseDevice, ISerialDevice
{
    private readonly ConcurrentQueue<string> moves = new();
    private readonly Channel<byte[]> fromGuest = Channel.CreateUnbounded<byte[]>();
    private readonly ConcurrentQueue<byte> toGuest = new();

    /// <summary>What was asked of keyboard and mouse, in order.</summary>
    public IReadOnlyList<string> Moves => [.. moves];

    /// <summary>What the serial port brought to the guest.</summary>
    public string Received => string.Concat(toGuest.Select(value => (char)value));

    public DisplayImage Image { get; set; } = new(2, 1, [0x112233, 0x112233]);

    /// <summary>What a send does before it succeeds.</summary>
    public Func<CancellationToken, Task> Sending { get; set; } = _ => Task.CompletedTask;

    /// <summary>What a write to the guest waits for.</summary>
    public Task TakingSerial { get; set; } = Task.CompletedTask;

    /// <summary>The machine has ended.</summary>
    public void Complete() => fromGuest.Writer.TryComplete();

    public void SendFromGuest(byte[] data) => fromGuest.Writer.TryWrite(data);

    public void SendFromGuest(string text) => fromGuest.Writer.TryWrite([.. text.Select(character => (byte)character)]);

    public Task<DisplayMode> ReadModeAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new DisplayMode(Image.Width, Image.Height, VideoMode.Text));

    public Task<DisplayImage> CaptureAsync(CancellationToken cancellationToken) => Task.FromResult(Image);

    public async Task SendAsync(IReadOnlyList<KeyStroke> strokes, CancellationToken cancellationToken)
    {
        await Sending(cancellationToken);
        moves.Enqueue(string.Join(' ', strokes.Select(stroke => (stroke.IsDown ? "+" : "-") + stroke.Key)));
    }

    public Task SetButtonAsync(MouseButton button, bool isDown, CancellationToken cancellationToken) => NoteAsync($"{button} {isDown}");

    public Task MoveByAsync(int right, int down, CancellationToken cancellationToken) => NoteAsync($"by {right},{down}");

    public Task MoveToAsync(double horizontal, double vertical, CancellationToken cancellationToken) =>
        NoteAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"to {horizontal:0.##},{vertical:0.##}"));

    public Task TurnWheelAsync(int notches, CancellationToken cancellationToken) => NoteAsync($"wheel {notches}");

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!await fromGuest.Reader.WaitToReadAsync(cancellationToken) || !fromGuest.Reader.TryRead(out byte[]? next))
        {
            return 0;
        }

        next.CopyTo(buffer);
        return next.Length;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await TakingSerial.WaitAsync(cancellationToken);
        foreach (byte value in bytes.ToArray())
        {
            toGuest.Enqueue(value);
        }
    }

    private Task NoteAsync(string move)
    {
        moves.Enqueue(move);
        return Task.CompletedTask;
    }
}
