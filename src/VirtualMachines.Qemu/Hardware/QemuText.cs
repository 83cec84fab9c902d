namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>Writes texts into QEMU's options, in which a comma separates.</summary>
internal static class QemuText
{
    /// <summary>A text as the value of an option: commas doubled.</summary>
    /// <param name="text">Any text without control characters.</param>
    /// <exception cref="VirtualMachineException">It has a control character, which QEMU's options cannot hold.</exception>
    public static string Escape(string text) => text.Any(char.IsControl)
        ? throw new VirtualMachineException(
            VirtualMachineError.InvalidArgument, $"'{text}' has a control character, which QEMU does not take.")
        : text.Replace(",", ",,", StringComparison.Ordinal);
}
