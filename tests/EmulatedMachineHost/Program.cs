using VpcComApi.EmulatedMachineHost;
using VpcComApi.VirtualMachines.Emulated;
using VpcComApi.VirtualMachines.Providers;

// Arguments: "paused" to pause the machine before it is announced. The guest service is found by VPC_GUEST_SERVICE or beside this program.
MachineStart start = new()
{
    MachineName = "Machine of a host that is killed",
    ConfigurationId = Guid.NewGuid(),
    MemoryMegabytes = 128,
    Firmware = new FirmwareIdentity(Guid.NewGuid(), "bios", "board", "chassis", "tag"),
    Configuration = new NoValues(),
};

await using IRunningMachine machine = await new EmulatedMachineProvider().StartAsync(start, new Progress<int>(), CancellationToken.None);
await using Stream bus = await machine.ConnectBusAsync(CancellationToken.None);
if (args.Contains("paused"))
{
    await machine.PauseAsync(CancellationToken.None);
}

Console.WriteLine("machine is up");
await machine.Ended;
