namespace VpcComApi.VirtualMachines.Qemu.Qmp;

/// <summary>QEMU refused a command, did not answer it in time, or has ended.</summary>
/// <param name="command">The command.</param>
/// <param name="message">What happened: QEMU's own description if there is one.</param>
internal sealed class QmpException(string command, string message) : Exception($"QEMU's command {command} failed: {message}");
