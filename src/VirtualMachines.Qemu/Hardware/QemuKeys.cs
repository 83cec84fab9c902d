namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>What this provider alone reads of a machine's configuration (docs/qemu.md).</summary>
internal static class QemuKeys
{
    /// <summary>Full path of a Linux kernel that QEMU starts by itself; without it the machine boots from its disks.</summary>
    public const string Kernel = Root + "kernel";

    /// <summary>Full path of the kernel's initial RAM disk.</summary>
    public const string InitialRamDisk = Root + "initial_ram_disk";

    /// <summary>The kernel's command line.</summary>
    public const string KernelArguments = Root + "kernel_arguments";

    /// <summary>QEMU's name of the network cards that the machine has, such as <c>e1000</c>.</summary>
    public const string NetworkCard = Root + "network_card";

    /// <summary>Whether the machine has memory that it shares with the host for its channels: <c>on</c>, <c>off</c>, or nothing: where it is known to pay.</summary>
    public const string SharedMemory = Root + "shared_memory";

    private const string Root = "integration/vpccomapi/qemu/";
}
