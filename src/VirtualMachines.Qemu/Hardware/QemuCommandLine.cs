using System.Globalization;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Programs;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>
/// Converts a machine's description to QEMU's arguments. Each is one element of a list; they are never passed through a shell.
/// </summary>
internal static class QemuCommandLine
{
    /// <summary>The name by which the guest finds its bus device (<c>/dev/virtio-ports/org.vpccomapi.bus</c>).</summary>
    public const string BusPortName = "org.vpccomapi.bus";

    /// <summary>The id of the bus device in QEMU's events.</summary>
    public const string BusDeviceId = "busport";

    /// <summary>Returns the machine's arguments. QEMU starts suspended and waits for a command over the control channel.</summary>
    /// <param name="start">The machine.</param>
    /// <param name="accelerator">The accelerator.</param>
    /// <param name="sockets">The sockets between QEMU and this process.</param>
    /// <exception cref="VirtualMachineException">A value of the configuration is invalid.</exception>
    public static IReadOnlyList<string> Build(MachineStart start, string accelerator, QemuSockets sockets)
    {
        FirmwareIdentity firmware = start.Firmware;
        List<string> arguments =
        [
            "-name", "guest=" + QemuText.Escape(start.MachineName),
            "-accel", accelerator,
            "-machine", "pc",
            "-m", start.MemoryMegabytes.ToString(CultureInfo.InvariantCulture),
            "-uuid", firmware.BiosGuid.ToString("D"),
            "-smbios", "type=1" + Field("serial", firmware.BiosSerialNumber),
            "-smbios", "type=2" + Field("serial", firmware.BaseBoardSerialNumber),
            "-smbios", "type=3" + Field("serial", firmware.ChassisSerialNumber) + Field("asset", firmware.ChassisAssetTag),
            "-smbios", "type=11" + OemString("VirtualMachineName", start.MachineName)
                + OemString("PhysicalHostName", Environment.MachineName)
                + OemString("PhysicalHostNameFullyQualified", Environment.MachineName),

            // As in Virtual PC, the clock shows local time.
            "-rtc", "base=localtime",

            // No defaults of QEMU: no network, no ports, no configuration files of the user.
            "-nodefaults", "-no-user-config", "-nic", "none",
            "-display", "none", "-vga", "std",

            // A pointing device with absolute positions, in addition to the PS/2 mouse of the machine, which reports relative moves.
            "-device", "piix3-usb-uhci,id=usb", "-device", "usb-tablet,bus=usb.0",
            "-boot", "strict=on",
            "-S",
            "-chardev", "stdio,id=control,signal=off", "-qmp", "chardev:control",
            "-device", "virtio-serial-pci,id=vpcbus,max_ports=31",
            "-chardev", $"socket,id=bus,{sockets.Bus}",
            "-device", $"virtserialport,bus=vpcbus.0,chardev=bus,id={BusDeviceId},name={BusPortName}",
        ];

        if (accelerator == AcceleratorProbe.AlwaysThere)
        {
            // Makes QEMU report triple faults of an emulated processor; see ResetReport. With a real processor only the reset is reported.
            arguments.AddRange(["-d", "cpu_reset"]);
        }

        HardDiskDevices.Add(arguments, start.HardDisks, sockets.Disks);
        MediaDevices.Add(arguments, start);
        SerialDevices.Add(arguments, sockets.SerialPorts);
        NetworkDevices.Add(arguments, start.NetworkCards, Text(start.Configuration, QemuKeys.NetworkCard));
        MemoryDevice.Add(arguments, start);
        RingDevices.Add(arguments, sockets.Rings, accelerator);
        AddKernel(arguments, start.Configuration);
        if (start.SavedStateFile is not null)
        {
            arguments.AddRange(["-incoming", "defer"]);
        }

        return arguments;
    }

    private static string Field(string name, string value) => value.Length == 0 ? "" : $",{name}={QemuText.Escape(value)}";

    /// <summary>A parameter that the guest service finds in its firmware (docs/vmsrvc.md).</summary>
    private static string OemString(string name, string value) => Field("value", $"vpccomapi:{name}={value}");

    private static void AddKernel(List<string> arguments, IReadOnlyValues configuration)
    {
        if (Path(configuration, QemuKeys.Kernel) is not { } kernel)
        {
            return;
        }

        arguments.AddRange(["-kernel", QemuPath.Of(kernel)]);
        if (Path(configuration, QemuKeys.InitialRamDisk) is { } initialRamDisk)
        {
            arguments.AddRange(["-initrd", QemuPath.Of(initialRamDisk)]);
        }

        if (Text(configuration, QemuKeys.KernelArguments) is { Length: > 0 } kernelArguments)
        {
            arguments.AddRange(["-append", kernelArguments]);
        }
    }

    private static string? Path(IReadOnlyValues configuration, string key) => Text(configuration, key) switch
    {
        null or "" => null,
        { } path when !System.IO.Path.IsPathFullyQualified(path) => throw new VirtualMachineException(
            VirtualMachineError.BadPathName, $"The value '{path}' of {key} is not a full path."),
        { } path when !RegularFile.Exists(path) => throw new VirtualMachineException(
            VirtualMachineError.FileNotFound, $"The file '{path}' of {key} does not exist."),
        { } path => path,
    };

    private static string? Text(IReadOnlyValues configuration, string key) =>
        !configuration.TryGetValue(key, out object? value) ? null
        : value as string ?? throw new VirtualMachineException(VirtualMachineError.InvalidArgument, $"The value of {key} is not a text.");
}
