using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Peripherals;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>What a machine's serial ports are wired to, in the .vmc file and in a machine that runs.</summary>
internal sealed class SerialPortWiring
{
    private readonly MachineContext context;
    private readonly MachinePower power;

    /// <summary>Makes the serial ports of a machine.</summary>
    /// <param name="context">What the machine's parts share.</param>
    /// <param name="power">The machine's state.</param>
    public SerialPortWiring(MachineContext context, MachinePower power)
    {
        this.context = context;
        this.power = power;
        Ports = [.. Enumerable.Range(1, VirtualMachine.SerialPortCount).Select(number => new SerialPort(this, number))];
    }

    /// <summary>The ports, COM1 first.</summary>
    public IReadOnlyList<SerialPort> Ports { get; }

    /// <summary>What the .vmc file says of a port.</summary>
    /// <param name="number">The port's number, from 1.</param>
    /// <exception cref="VirtualMachineException">The machine is no longer registered, or its file could not be read.</exception>
    public SerialPortSettings Read(int number) => SerialPortKeys.Read(context.Values, number, context.Files.Folder);

    /// <summary>Wires a port anew, in the .vmc file and in a machine that runs.</summary>
    /// <param name="number">The port's number, from 1.</param>
    /// <param name="settings">The settings, which are checked already.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.IllegalValue"/>: another port of the machine has that end; or the file could not be written.
    /// </exception>
    public void Write(int number, SerialPortSettings settings)
    {
        power.Demand(MachineOperation.ChangeFreeSetting);
        IReadOnlyList<(string Key, object Value)> written = context.Configuration.File.Update(document =>
        {
            DemandUnshared(document, number, settings);
            return SerialPortKeys.Write(document, number, settings);
        });
        foreach ((string key, object value) in written)
        {
            context.RaiseConfigurationChanged(key, value);
        }

        _ = power.Run?.SerialLines.ConnectAsync(number, settings);
    }

    /// <summary>
    /// Connects the serial ports of a machine that has just started. Settings that a hand wrote into the file are checked as a caller's
    /// are; one that cannot be used or read leaves its port unconnected.
    /// </summary>
    /// <param name="started">The run.</param>
    public void Connect(MachineRun started)
    {
        foreach (SerialPort port in Ports)
        {
            SerialPortSettings settings = SerialPortSettings.None;
            try
            {
                settings = port.Settings;
                _ = started.SerialLines.ConnectAsync(
                    port.Number, SerialPortSettings.Check(settings.Type, settings.Name, settings.ConnectImmediately));
            }
            catch (VirtualMachineException e)
            {
                MachineLog.SerialPortNotConnected(context.Logger, context.Name, port.Number, settings.Name, e.Message);
            }
        }
    }

    private void DemandUnshared(XmlValueDocument document, int number, SerialPortSettings settings)
    {
        foreach (SerialPort other in Ports.Where(other => other.Number != number))
        {
            if (SerialPortKeys.Read(document, other.Number, context.Files.Folder).SharesEndWith(settings))
            {
                throw new VirtualMachineException(
                    VirtualMachineError.IllegalValue,
                    $"The serial port COM{other.Number} of the machine '{context.Name}' uses {settings.Name} already. "
                        + "Configure that one first.");
            }
        }
    }
}
