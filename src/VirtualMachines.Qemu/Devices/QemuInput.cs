using System.Text.Json;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Qemu.Devices;

/// <summary>Writes the arguments of QEMU's input-send-event (https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html).</summary>
internal static class QemuInput
{
    /// <summary>The most notches of the wheel in one command.</summary>
    public const int MaxNotches = 100;

    /// <summary>The largest coordinate of an absolute move.</summary>
    private const int MaxAbsolute = 0x7FFF;

    /// <summary>The bit in QEMU's key numbers that stands for the scan code's prefix E0.</summary>
    private const int ExtendedFlag = 0x80;

    private const int ScanCodeMask = 0x7F;
    private const int LargestPlainScanCode = 0xFF;

    /// <summary>Writes keystrokes.</summary>
    /// <param name="json">Receives the JSON.</param>
    /// <param name="strokes">The keystrokes.</param>
    public static void Write(Utf8JsonWriter json, IEnumerable<KeyStroke> strokes) => WriteEvents(json, writer =>
    {
        foreach (KeyStroke stroke in strokes)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "key");
            writer.WriteStartObject("data");
            writer.WriteBoolean("down", stroke.IsDown);
            writer.WriteStartObject("key");
            writer.WriteString("type", "number");
            writer.WriteNumber("data", NumberOf(stroke.Key));
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    });

    /// <summary>Writes a list of events.</summary>
    /// <param name="json">Receives the JSON.</param>
    /// <param name="write">Writes the events.</param>
    public static void WriteEvents(Utf8JsonWriter json, Action<Utf8JsonWriter> write)
    {
        json.WriteStartArray("events");
        write(json);
        json.WriteEndArray();
    }

    /// <summary>Writes the press or release of a button.</summary>
    /// <param name="json">Receives the JSON.</param>
    /// <param name="button">QEMU's name of it.</param>
    /// <param name="isDown">Whether it is pressed.</param>
    public static void WriteButton(Utf8JsonWriter json, string button, bool isDown)
    {
        json.WriteStartObject();
        json.WriteString("type", "btn");
        json.WriteStartObject("data");
        json.WriteBoolean("down", isDown);
        json.WriteString("button", button);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes a move along one axis.</summary>
    /// <param name="json">Receives the JSON.</param>
    /// <param name="type"><c>rel</c> or <c>abs</c>.</param>
    /// <param name="axis"><c>x</c> or <c>y</c>.</param>
    /// <param name="value">The distance or the position.</param>
    public static void WriteMove(Utf8JsonWriter json, string type, string axis, int value)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteStartObject("data");
        json.WriteString("axis", axis);
        json.WriteNumber("value", value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Converts a position to QEMU's coordinate.</summary>
    /// <param name="part">The position on the display, 0 to 1; values outside count as the edge.</param>
    public static int Absolute(double part) => (int)Math.Round(Math.Clamp(part, 0, 1) * MaxAbsolute);

    private static int NumberOf(KeyboardKey key) =>
        ((int)key & ScanCodeMask) | ((int)key > LargestPlainScanCode ? ExtendedFlag : 0);
}
