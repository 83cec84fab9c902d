using System.Buffers;
using System.Text;
using System.Text.Json;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>Writes JSON for QEMU's command line, in which characters of a path have no special meaning.</summary>
internal static class QemuJson
{
    /// <summary>Returns an object as text.</summary>
    /// <param name="writeMembers">Writes its members.</param>
    public static string Write(Action<Utf8JsonWriter> writeMembers)
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
