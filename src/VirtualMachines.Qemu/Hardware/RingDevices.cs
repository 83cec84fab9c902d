using System.Globalization;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Qemu.Programs;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>
/// The ring device: memory that the guest sees as that of a PCI device and shares with our process, and a second virtio-serial port as
/// doorbell. Bytes of channels travel through it instead of the bus device (docs/vpcbus.md, Rings).
/// </summary>
internal static class RingDevices
{
    /// <summary>The name by which the guest finds the doorbell.</summary>
    public const string DoorbellPortName = "org.vpccomapi.doorbell";

    /// <summary>QEMU's name of the device of shared memory.</summary>
    public const string MemoryDriver = "ivshmem-plain";

    private const string On = "on";
    private const string Off = "off";

    /// <summary>Whether a machine that starts anew is to have it.</summary>
    /// <param name="configuration">The machine's configuration.</param>
    /// <param name="program">QEMU.</param>
    /// <exception cref="VirtualMachineException">The configuration holds something that cannot be.</exception>
    public static bool AreWanted(IReadOnlyValues configuration, QemuProgram program)
    {
        // With another accelerator the processor itself decides whether this memory is cached, which was never measured.
        bool isEmulated = program.Accelerator == AcceleratorProbe.AlwaysThere;
        bool isWanted = !configuration.TryGetValue(QemuKeys.SharedMemory, out object? value) ? isEmulated : value switch
        {
            "" => isEmulated,
            On => true,
            Off => false,
            _ => throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument, $"The value '{value}' of {QemuKeys.SharedMemory} is neither '{On}' nor '{Off}'."),
        };
        return isWanted && program.HasSharedMemory;
    }

    /// <summary>Adds it, behind all other devices, so that those are where they are without it.</summary>
    /// <param name="arguments">QEMU's arguments.</param>
    /// <param name="rings">Our side of it, or null for none.</param>
    /// <param name="accelerator">The accelerator.</param>
    public static void Add(List<string> arguments, RingBackend? rings, string accelerator)
    {
        if (rings is null)
        {
            return;
        }

        if (accelerator == AcceleratorProbe.AlwaysThere)
        {
            // For a machine that can never have a second processor QEMU emulates atomic instructions by ordinary ones and leaves barriers
            // out; what our process does in the same memory meanwhile would be lost.
            arguments.AddRange(["-smp", "1,maxcpus=2"]);
        }

        string size = rings.Length.ToString(CultureInfo.InvariantCulture);
        arguments.AddRange(
        [
            "-object", $"memory-backend-file,id=rings,share=on,mem-path={QemuText.Escape(rings.MemoryPath)},size={size}",

            // Without "master" a machine with such memory could not be saved.
            "-device", $"{MemoryDriver},memdev=rings,master=on",
            "-chardev", $"socket,id=doorbell,{rings.Doorbell}",
            "-device", $"virtserialport,bus=vpcbus.0,chardev=doorbell,id=doorbellport,name={DoorbellPortName}",
        ]);
    }
}
