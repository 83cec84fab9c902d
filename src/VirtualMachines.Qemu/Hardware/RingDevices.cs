using System.Globalization;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Qemu.Programs;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>
/// The ring device: memory of a PCI device that the guest shares with this process, and a second virtio-serial port as doorbell. Bytes of
/// channels are transferred through it instead of the bus device (docs/vpcbus.md, Rings).
/// </summary>
internal static class RingDevices
{
    /// <summary>The name by which the guest finds the doorbell.</summary>
    public const string DoorbellPortName = "org.vpccomapi.doorbell";

    /// <summary>QEMU's name of the device of shared memory.</summary>
    public const string MemoryDriver = "ivshmem-plain";

    private const string On = "on";
    private const string Off = "off";

    /// <summary>Whether a machine that starts without a saved state gets it.</summary>
    /// <param name="configuration">The machine's configuration.</param>
    /// <param name="program">QEMU.</param>
    /// <exception cref="VirtualMachineException">A value of the configuration is invalid.</exception>
    public static bool AreWanted(IReadOnlyValues configuration, QemuProgram program)
    {
        // With another accelerator the processor decides whether this memory is cached; the effect was never measured.
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

    /// <summary>Adds it after all other devices, so that their addresses are the same with and without it.</summary>
    /// <param name="arguments">QEMU's arguments.</param>
    /// <param name="rings">This process's side of it, or null for none.</param>
    /// <param name="accelerator">The accelerator.</param>
    public static void Add(List<string> arguments, RingBackend? rings, string accelerator)
    {
        if (rings is null)
        {
            return;
        }

        if (accelerator == AcceleratorProbe.AlwaysThere)
        {
            // For a machine that can never have a second processor QEMU emulates atomic instructions by ordinary ones and omits barriers;
            // then writes of this process to the same memory could be lost.
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
