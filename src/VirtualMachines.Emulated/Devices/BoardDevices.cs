using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.VirtualMachines.Emulated.Devices;

/// <summary>The devices of one emulated machine. They outlive its guest's processes.</summary>
/// <param name="send">
/// Sends to the guest that runs, when the question that goes with the message then says that it is meant for that one.
/// </param>
/// <param name="breaksRules">Hears of the number of a serial port at which a guest breaks the rules, and how.</param>
internal sealed class BoardDevices(Func<BoardInput, Func<bool>, CancellationToken, Task> send, Action<int, string> breaksRules)
{
    /// <summary>The display.</summary>
    public EmulatedDisplay Display { get; } = new();

    /// <summary>The keyboard.</summary>
    public EmulatedKeyboard Keyboard { get; } = new((message, cancellationToken) => send(message, ForWhicheverRuns, cancellationToken));

    /// <summary>The mouse.</summary>
    public EmulatedMouse Mouse { get; } = new((message, cancellationToken) => send(message, ForWhicheverRuns, cancellationToken));

    /// <summary>The serial ports.</summary>
    public IReadOnlyList<EmulatedSerialPort> SerialPorts { get; } =
        [
            .. Enumerable.Range(0, BoardSerial.PortCount).Select(
                port => new EmulatedSerialPort(port, send, reason => breaksRules(port, reason))),
        ];

    /// <summary>Takes what a guest writes to a device. What breaks a rule is dropped.</summary>
    /// <param name="output">What it writes.</param>
    /// <returns>False when it is not for a device.</returns>
    public bool TryWrite(BoardOutput output)
    {
        if (output.Screen is { } screen)
        {
            Display.Write(screen);
        }

        if (output.Serial is { Port: >= 0 and < BoardSerial.PortCount } serial)
        {
            SerialPorts[serial.Port].Receive(serial.Data);
        }

        if (output.SerialReady is { } ready and >= 0 and < BoardSerial.PortCount)
        {
            SerialPorts[ready].TakeReady();
        }

        return output.Screen is not null || output.Serial is not null || output.SerialReady is not null;
    }

    /// <summary>A guest boots next. To be called before anything can be sent to it.</summary>
    public void Reset()
    {
        Display.Reset();
        foreach (EmulatedSerialPort port in SerialPorts)
        {
            port.Reset();
        }
    }

    /// <summary>The machine has ended.</summary>
    public void Complete()
    {
        foreach (EmulatedSerialPort port in SerialPorts)
        {
            port.Complete();
        }
    }

    /// <summary>Who presses a key or moves the mouse means the guest that runs by then.</summary>
    private static bool ForWhicheverRuns() => true;
}
