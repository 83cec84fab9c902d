using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.VirtualMachines.Emulated.Devices;

/// <summary>The devices of one emulated machine. They exist longer than the processes of its guest.</summary>
/// <param name="send">
/// Sends a message to the running guest, if the function that is passed with the message returns true at that time, which means that the
/// message is for that guest.
/// </param>
/// <param name="protocolViolated">Called with the number of a serial port when a guest violates its protocol, and with the reason.</param>
internal sealed class BoardDevices(Func<BoardInput, Func<bool>, CancellationToken, Task> send, Action<int, string> protocolViolated)
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
                port => new EmulatedSerialPort(port, send, reason => protocolViolated(port, reason))),
        ];

    /// <summary>Processes what a guest writes to a device. Invalid content is dropped.</summary>
    /// <param name="output">The message.</param>
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

    /// <summary>Prepares for the next guest. To be called before anything can be sent to it.</summary>
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

    /// <summary>Keystrokes and moves of the mouse are for the guest that is running when they are sent.</summary>
    private static bool ForWhicheverRuns() => true;
}
