using System.Globalization;
using System.Text.RegularExpressions;

namespace VpcComApi.VirtualMachines.Qemu.Processes;

/// <summary>
/// Extracts reports about resets (<c>-d cpu_reset</c>) from QEMU's messages: the words "Triple fault" for a triple fault of the emulated
/// processor, and the processor's registers at each reset. On QEMU's control channel a reset because of a triple fault looks like any other
/// reset.
/// <para>
/// The firmware causes such a fault on purpose: when it detects a warm reset, it resets the whole machine and then executes an interrupt
/// without an interrupt table. That is not a fault of the guest and is recognised by its address, which is in the firmware's own code.
/// </para>
/// </summary>
/// <param name="onGuestFault">Called at each triple fault of the guest.</param>
internal sealed partial class ResetReport(Action onGuestFault)
{
    private const string TripleFault = "Triple fault";
    private const ulong FirmwareStart = 0xE0000;
    private const ulong FirmwareEnd = 0x100000;
    private const ulong FirmwareAtTop = 0xFFFC0000;
    private const ulong FourGigabytes = 0x1_0000_0000;

    private bool hasFaulted;
    private ulong? instruction;

    /// <summary>Processes a line of QEMU's standard error.</summary>
    /// <param name="line">The line, without leading and trailing blanks.</param>
    /// <returns>Whether it belongs to a report of a reset; otherwise it is a message for people.</returns>
    public bool Take(string line)
    {
        if (line == TripleFault)
        {
            hasFaulted = true;
            instruction = null;
            return true;
        }

        if (!Registers().IsMatch(line))
        {
            return false;
        }

        if (hasFaulted && InstructionPointer().Match(line) is { Success: true } pointer)
        {
            instruction = Number(pointer);
        }
        else if (hasFaulted && instruction is { } offset && CodeSegment().Match(line) is { Success: true } segment)
        {
            hasFaulted = false;
            if (!IsFirmware(unchecked(Number(segment) + offset)))
            {
                onGuestFault();
            }
        }

        return true;
    }

    private static bool IsFirmware(ulong address) =>
        address is (>= FirmwareStart and < FirmwareEnd) or (>= FirmwareAtTop and < FourGigabytes);

    private static ulong Number(Match match) =>
        ulong.Parse(match.Groups[1].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>"CPU Reset (CPU 0)", and lines that begin with a register: "EIP=", "CS =", "CR0=", "XMM00=".</summary>
    [GeneratedRegex("^(CPU Reset \\(CPU [0-9]+\\)$|[A-Z][A-Z0-9]{1,4} ?=)")]
    private static partial Regex Registers();

    [GeneratedRegex("^[ER]IP=([0-9a-f]{1,16}) ")]
    private static partial Regex InstructionPointer();

    /// <summary>The selector, then the base.</summary>
    [GeneratedRegex("^CS =[0-9a-f]{4} ([0-9a-f]{1,16}) ")]
    private static partial Regex CodeSegment();
}
