using VpcComApi.VirtualMachines.Peripherals;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>A serial port of a machine. What it is wired to can be changed at any time, also while the machine runs.</summary>
/// <remarks>Each member fails with <see cref="VirtualMachineError.MachineUnknown"/> when the machine is no longer registered.</remarks>
public sealed class SerialPort
{
    private readonly SerialPortWiring wiring;

    internal SerialPort(SerialPortWiring wiring, int number)
    {
        this.wiring = wiring;
        Number = number;
    }

    /// <summary>The port's number: 1 for COM1.</summary>
    public int Number { get; }

    /// <summary>What it is wired to.</summary>
    public SerialPortSettings Settings => wiring.Read(Number);

    /// <summary>Wires it anew.</summary>
    /// <param name="type">The kind of the other end.</param>
    /// <param name="name">The other end.</param>
    /// <param name="connectImmediately">
    /// For a host port: whether it is opened at once, and not with the first byte that the guest sends.
    /// </param>
    /// <exception cref="VirtualMachineException">
    /// As <see cref="SerialPortSettings.Check"/> has it; <see cref="VirtualMachineError.IllegalValue"/>: another port of the machine has
    /// that end.
    /// </exception>
    public void Configure(SerialPortType type, string? name, bool connectImmediately) =>
        wiring.Write(Number, SerialPortSettings.Check(type, name, connectImmediately));
}
