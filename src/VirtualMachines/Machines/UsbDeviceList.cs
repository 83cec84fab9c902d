using VpcComApi.VirtualMachines.PhysicalHost;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>The host's USB devices, and which machine has which.</summary>
/// <param name="computer">The host.</param>
internal sealed class UsbDeviceList(HostComputer computer)
{
    /// <summary>The most devices of the host that can be listed; the contract's own number.</summary>
    public const int MaximumOnHost = 16;

    /// <summary>The most devices that one machine can have.</summary>
    public const int MaximumOnMachine = 8;

    private readonly Lock sync = new();
    private readonly Dictionary<string, UsbDevice> known = [];
    private readonly Dictionary<UsbDevice, VirtualMachine> attached = [];

    /// <summary>The devices that are plugged in now.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.UsbEnumerationFailed"/>, <see cref="VirtualMachineError.TooManyUsbDevices"/>.
    /// </exception>
    public IReadOnlyList<UsbDevice> All
    {
        get
        {
            IReadOnlyList<HostUsbDevice> present = computer.UsbDevices;
            if (present.Count > MaximumOnHost)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.TooManyUsbDevices,
                    $"The host has {present.Count} USB devices; {MaximumOnHost} can be listed. Unplug some.");
            }

            lock (sync)
            {
                foreach (string unplugged in known.Keys.Except(present.Select(device => device.Id)).ToList())
                {
                    attached.Remove(known[unplugged]);
                    known.Remove(unplugged);
                }

                return [.. present.Select(Of)];
            }
        }
    }

    /// <summary>The machine that has a device, or null.</summary>
    public VirtualMachine? MachineOf(UsbDevice device)
    {
        lock (sync)
        {
            return attached.GetValueOrDefault(device);
        }
    }

    /// <summary>Gives a device to a machine, before its provider is asked, so that no other can have it.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.UsbDeviceTaken"/>, <see cref="VirtualMachineError.UsbPortsTaken"/>,
    /// <see cref="VirtualMachineError.UsbAttachFailed"/>: it is not plugged in any more.
    /// </exception>
    public void Take(UsbDevice device, VirtualMachine machine)
    {
        lock (sync)
        {
            string name = device.Description.Name;
            if (attached.TryGetValue(device, out VirtualMachine? owner))
            {
                throw new VirtualMachineException(
                    VirtualMachineError.UsbDeviceTaken,
                    $"The USB device '{name}' belongs to the machine '{owner.Name}'. Detach it there first.");
            }

            if (!known.ContainsValue(device))
            {
                throw new VirtualMachineException(
                    VirtualMachineError.UsbAttachFailed,
                    $"The USB device '{name}' is not plugged into the host any more. Plug it in, and look it up anew.");
            }

            if (attached.Values.Count(other => other == machine) >= MaximumOnMachine)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.UsbPortsTaken,
                    $"The machine '{machine.Name}' has {MaximumOnMachine} USB devices already. Detach one first.");
            }

            attached.Add(device, machine);
        }
    }

    /// <summary>Gives a device back to the host.</summary>
    public void Return(UsbDevice device)
    {
        lock (sync)
        {
            attached.Remove(device);
        }
    }

    /// <summary>Gives all devices of a machine back, because it has ended.</summary>
    public void ReturnAll(VirtualMachine machine)
    {
        lock (sync)
        {
            foreach (UsbDevice device in attached.Where(entry => entry.Value == machine).Select(entry => entry.Key).ToList())
            {
                attached.Remove(device);
            }
        }
    }

    private UsbDevice Of(HostUsbDevice description)
    {
        if (!known.TryGetValue(description.Id, out UsbDevice? device))
        {
            device = new UsbDevice(this, description);
            known.Add(description.Id, device);
        }

        return device;
    }
}
