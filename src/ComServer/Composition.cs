using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Emulated;
using VpcComApi.VirtualMachines.Qemu;

namespace VpcComApi.ComServer;

/// <summary>Chooses the providers of machines, and opens the user's catalogue with them.</summary>
internal static class Composition
{
    /// <summary>Opens the application.</summary>
    /// <param name="loggerFactory">Where messages go.</param>
    public static VirtualMachineHost OpenHost(ILoggerFactory loggerFactory) => VirtualMachineHost.Open(new VirtualMachineHostOptions
    {
        DataFolder = UserFolders.Data,
        Providers =
        [
            new EmulatedMachineProvider(new EmulatedMachineOptions { LoggerFactory = loggerFactory }),
            new QemuMachineProvider(new QemuMachineOptions { LoggerFactory = loggerFactory }),
        ],
        LoggerFactory = loggerFactory,
    });
}
