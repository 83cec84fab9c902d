using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>The keys of a machine's configuration that only this provider reads (docs/qemu.md).</summary>
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

    /// <summary>
    /// Whether the machine has memory that it shares with the host for its channels: <c>on</c>, <c>off</c>, or nothing: only where it is
    /// known to be faster.
    /// </summary>
    public const string SharedMemory = Root + "shared_memory";

    /// <summary>The keys with their permitted values.</summary>
    public static IReadOnlyList<KnownKey> Rows { get; } =
    [
        Text(Kernel, "full path of a Linux kernel that QEMU starts by itself"),
        Text(InitialRamDisk, "full path of its initial RAM disk"),
        Text(KernelArguments, "its command line"),
        new(SharedMemory, ConfigurationValueType.Text, "whether the machine shares memory with the host")
        {
            Values = [new("on", "with every accelerator"), new("off", "never")],
        },
        Text(NetworkCard, "QEMU's name of the network cards"),
    ];

    private const string Root = "integration/vpccomapi/qemu/";

    /// <summary>
    /// The longest text: longer than a kernel's command line may be (2,048 characters on x86), or a path.
    /// </summary>
    private const int MaximumTextLength = 4096;

    private static KnownKey Text(string key, string meaning) =>
        new(key, ConfigurationValueType.Text, meaning) { MaximumLength = MaximumTextLength };
}
