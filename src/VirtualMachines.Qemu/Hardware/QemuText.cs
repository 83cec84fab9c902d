namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>Escapes texts for QEMU's options, in which a comma is the separator.</summary>
internal static class QemuText
{
    /// <summary>Returns a text as the value of an option: commas are doubled.</summary>
    /// <param name="text">Any text without control characters.</param>
    /// <exception cref="VirtualMachineException">It has a control character, which QEMU's options cannot contain.</exception>
    public static string Escape(string text) => text.Any(char.IsControl)
        ? throw new VirtualMachineException(
            VirtualMachineError.InvalidArgument, $"'{text}' has a control character, which QEMU does not accept.")
        : text.Replace(",", ",,", StringComparison.Ordinal);
}
