using System.Text.Json;

namespace VpcComApi.VirtualMachines.Qemu.Qmp;

/// <summary>An event of QEMU.</summary>
/// <param name="Name">Its name, such as <c>SHUTDOWN</c>.</param>
/// <param name="Data">Its data; an undefined element when it has none.</param>
internal sealed record QmpEvent(string Name, JsonElement Data)
{
    /// <summary>Returns a text of the event's data; empty when there is none.</summary>
    /// <param name="member">Its name.</param>
    public string Text(string member) =>
        Data.ValueKind == JsonValueKind.Object && Data.TryGetProperty(member, out JsonElement value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";

    /// <summary>Returns a boolean of the event's data; false when there is none.</summary>
    /// <param name="member">Its name.</param>
    public bool Flag(string member) =>
        Data.ValueKind == JsonValueKind.Object && Data.TryGetProperty(member, out JsonElement value)
            && value.ValueKind == JsonValueKind.True;
}
