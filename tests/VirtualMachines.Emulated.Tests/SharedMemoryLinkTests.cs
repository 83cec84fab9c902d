using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated.Tests;

/// <summary>The bus between the host and the guest service of an emulated machine, both real.</summary>
[Platform("Linux", Reason = "Shared memory is used on Linux only.")]
[NonParallelizable]
[CancelAfter(60_000)]
public sealed class SharedMemoryLinkTests
{
    [Test]
    public async Task The_bus_moves_its_data_through_memory_that_both_processes_have()
    {
        using MachineTestEnvironment environment = new();
        MachineStart start = new()
        {
            MachineName = "Shared memory",
            ConfigurationId = Guid.NewGuid(),
            MemoryMegabytes = 128,
            Firmware = new FirmwareIdentity(Guid.NewGuid(), "bios", "board", "chassis", "asset"),
            Configuration = new NoValues(),
        };
        await using (IRunningMachine machine = await Wait.UntilAsync(
            new EmulatedMachineProvider().StartAsync(start, new Progress<int>(), CancellationToken.None), "the machine to start"))
        {
            await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

            string maps = await File.ReadAllTextAsync($"/proc/{environment.Processes.Single()}/maps");
            Assert.That(maps, Does.Contain("/memfd:vpcbus"), "the guest service maps the memory that the host has made");
        }

        await environment.AssertNothingLeftAsync();
    }
}
