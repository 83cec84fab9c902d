using System.Text.Json.Serialization;

namespace VpcComApi.VirtualMachines.Qemu.SavedState;

/// <summary>Reads and writes the header of a saved state without reflection.</summary>
[JsonSerializable(typeof(QemuStateHeader))]
internal sealed partial class QemuStateJson : JsonSerializerContext;
