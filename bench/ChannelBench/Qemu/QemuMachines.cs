using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Qemu;

namespace VpcComApi.ChannelBench.Qemu;

/// <summary>A catalogue with one QEMU machine that boots the product's guest.</summary>
internal static class QemuMachines
{
    /// <summary>The machine's name.</summary>
    public const string MachineName = "Bench";

    private const string Settings = "integration/vpccomapi/";

    /// <summary>Opens a folder's catalogue and creates the machine if it does not exist yet.</summary>
    /// <param name="dataFolder">The folder.</param>
    /// <param name="guests">The guests.</param>
    public static (VirtualMachineHost Host, VirtualMachine Machine) Open(string dataFolder, BenchGuests guests)
    {
        VirtualMachineHost host = VirtualMachineHost.Open(new VirtualMachineHostOptions
        {
            DataFolder = dataFolder,
            Providers = [new QemuMachineProvider()],
            LoggerFactory = NullLoggerFactory.Instance,
        });
        if (host.FindVirtualMachine(MachineName) is not { } machine)
        {
            machine = host.CreateVirtualMachine(MachineName, Path.Combine(dataFolder, MachineName));
            machine.MemoryMegabytes = BenchGuests.MemoryMegabytes;
            machine.ConfigurationValues.SetValue(Settings + "provider", QemuMachineProvider.ProviderName);
            machine.ConfigurationValues.SetValue(Settings + "qemu/kernel", guests.Kernel);
            machine.ConfigurationValues.SetValue(Settings + "qemu/initial_ram_disk", guests.Product);
            machine.ConfigurationValues.SetValue(Settings + "qemu/kernel_arguments", BenchGuests.KernelArguments);
        }

        return (host, machine);
    }
}
