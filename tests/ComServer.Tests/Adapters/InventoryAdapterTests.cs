using VpcComApi.ComServer.Tests.States;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;

namespace VpcComApi.ComServer.Tests.Adapters;

/// <summary>What the host has and what machines have of it, as COM answers it: S_FALSE, VARIANT types, identity.</summary>
[TestFixture]
internal sealed class InventoryAdapterTests
{
    private MachineBench bench = null!;

    [SetUp]
    public async Task Make_a_machine() => bench = await MachineBench.CreateAsync(VMVMState.vmVMState_TurnedOff);

    [TearDown]
    public async Task End_the_machine() => await bench.DisposeAsync();

    [Test]
    public void Of_a_machine_that_is_off_the_accountant_answers_S_FALSE_and_zero()
    {
        IVMAccountant accountant = bench.Machine.get_Accountant();

        Assert.That(accountant.get_CPUUtilization(out int percent), Is.EqualTo(HResults.S_FALSE));
        Assert.That(accountant.get_CPUUtilizationHistory(out object? history), Is.EqualTo(HResults.S_FALSE));
        Assert.That(accountant.get_DiskBytesRead(out object? read), Is.EqualTo(HResults.S_FALSE));
        Assert.That(accountant.get_DiskBytesWritten(out object? written), Is.EqualTo(HResults.S_FALSE));
        Assert.That(accountant.get_NetworkBytesReceived(out object? received), Is.EqualTo(HResults.S_FALSE));
        Assert.That(accountant.get_NetworkBytesSent(out object? sent), Is.EqualTo(HResults.S_FALSE));
        Assert.That(accountant.get_UpTime(out int seconds), Is.EqualTo(HResults.S_FALSE));
        Assert.That(percent, Is.Zero);
        Assert.That(seconds, Is.Zero);
        Assert.That(history, Is.EqualTo(new byte[60]));
        Assert.That(new[] { read, written, received, sent }, Is.All.EqualTo(0m).And.All.TypeOf<decimal>());
    }

    [Test]
    public void Of_a_running_machine_the_accountant_answers_S_OK()
    {
        MachineBench.Finish(bench.Machine.Startup());
        IVMAccountant accountant = bench.Machine.get_Accountant();

        Assert.That(accountant.get_UpTime(out _), Is.EqualTo(HResults.S_OK));
        Assert.That(accountant.get_CPUUtilization(out _), Is.EqualTo(HResults.S_OK));
        Assert.That(accountant.get_CPUUtilizationHistory(out object? history), Is.EqualTo(HResults.S_OK));
        Assert.That(accountant.get_DiskBytesRead(out object? read), Is.EqualTo(HResults.S_OK));
        Assert.That(history, Is.TypeOf<byte[]>().And.Length.EqualTo(60));
        Assert.That(read, Is.TypeOf<decimal>());
    }

    [Test]
    public void An_unknown_network_is_S_FALSE_without_an_object_and_a_known_one_is_always_the_same()
    {
        Assert.That(bench.Application.FindVirtualNetwork("nobody's", out IVMVirtualNetwork? none), Is.EqualTo(HResults.S_FALSE));
        Assert.That(none, Is.Null);
        Assert.That(bench.Application.FindVirtualNetwork("INTERNAL NETWORK", out IVMVirtualNetwork? found), Is.EqualTo(HResults.S_OK));
        Assert.That(found, Is.SameAs(bench.Application.get_VirtualNetworks().get_Item(1)));
        Assert.That(
            () => bench.Application.FindVirtualNetwork(null, out _),
            Throws.Exception.With.Property("Error").EqualTo(VirtualMachineError.MissingArgument));
        Assert.That(
            () => bench.Application.FindVirtualNetwork("", out _),
            Throws.Exception.With.Property("Error").EqualTo(VirtualMachineError.InvalidArgument));
        found!._ID(out object? id);
        Assert.That(id, Is.TypeOf<byte[]>().And.Length.EqualTo(16));
    }

    [Test]
    public void An_unplugged_card_has_no_network_and_S_FALSE()
    {
        IVMNetworkAdapter card = bench.Machine.AddNetworkAdapter();

        Assert.That(card.get_VirtualNetwork(out IVMVirtualNetwork? network), Is.EqualTo(HResults.S_FALSE));
        Assert.That(network, Is.Null);
        Assert.That(card.get_VirtualMachine(), Is.SameAs(bench.Machine));
        Assert.That(bench.Machine.get_NetworkAdapters().get_Item(2), Is.SameAs(card));
        Assert.That(bench.Application.get_UnconnectedNetworkAdapters().get_Item(1), Is.SameAs(card));
        card._ID(out int id);
        Assert.That(id, Is.EqualTo(1));
        card.AttachToVirtualNetwork(bench.Application.get_VirtualNetworks().get_Item(1));
        Assert.That(card.get_VirtualNetwork(out network), Is.EqualTo(HResults.S_OK));
        Assert.That(network!.get_Name(), Is.EqualTo("Internal Network"));
    }

    [Test]
    public void Objects_from_elsewhere_and_missing_ones_are_refused()
    {
        IVMNetworkAdapter card = bench.Machine.get_NetworkAdapters().get_Item(1);

        Assert.That(
            () => card.AttachToVirtualNetwork(null), Throws.Exception.With.Property("Error").EqualTo(VirtualMachineError.MissingArgument));
        Assert.That(
            () => card.AttachToVirtualNetwork(Moq.Mock.Of<IVMVirtualNetwork>()),
            Throws.Exception.With.Property("Error").EqualTo(VirtualMachineError.InvalidArgument));
        Assert.That(
            () => bench.Machine.RemoveNetworkAdapter(null),
            Throws.Exception.With.Property("Error").EqualTo(VirtualMachineError.MissingArgument));
        Assert.That(
            () => bench.Machine.AttachUSBDevice(null),
            Throws.Exception.With.Property("Error").EqualTo(VirtualMachineError.MissingArgument));
        Assert.That(
            () => bench.Machine.DetachUSBDevice(Moq.Mock.Of<IVMUSBDevice>()),
            Throws.Exception.With.Property("Error").EqualTo(VirtualMachineError.InvalidArgument));
    }

    [Test]
    public void Search_paths_are_taken_in_every_form_of_an_array_and_refused_in_others()
    {
        string folder = bench.Folder;

        bench.Application.put_SearchPaths(new object?[] { folder });
        Assert.That(bench.Application.get_SearchPaths(), Is.EqualTo(new object[] { folder }).And.TypeOf<object[]>(), "VT_ARRAY|VT_VARIANT");
        bench.Application.put_SearchPaths(new[] { folder, folder });
        Assert.That((object[])bench.Application.get_SearchPaths()!, Has.Length.EqualTo(2));
        bench.Application.put_SearchPaths(Array.Empty<object>());
        Assert.That((object[])bench.Application.get_SearchPaths()!, Is.Empty);
        foreach (object? wrong in new object?[] { null, folder, 5, DBNull.Value, new object?[] { folder, 5 }, new byte[] { 1 } })
        {
            Assert.That(
                () => bench.Application.put_SearchPaths(wrong),
                Throws.Exception.With.Property("Error").EqualTo(VirtualMachineError.InvalidArgument));
        }
    }

    [Test]
    public void Further_folders_may_be_left_out()
    {
        foreach (object? none in new object?[] { null, DBNull.Value, System.Reflection.Missing.Value, Array.Empty<object>() })
        {
            Assert.That(bench.Application.GetHardDiskFiles(none), Is.TypeOf<object[]>());
            Assert.That((object[])bench.Application.GetVirtualMachineFiles(none, false)!, Has.Length.EqualTo(1));
            Assert.That((object[])bench.Application.GetVirtualMachineFiles(none, true)!, Is.Empty);
        }

        Assert.That(
            () => bench.Application.GetDVDFiles("text"),
            Throws.Exception.With.Property("Error").EqualTo(VirtualMachineError.InvalidArgument));
        Assert.That(
            () => bench.Application.GetFloppyDiskFiles(new object?[] { 1 }),
            Throws.Exception.With.Property("Error").EqualTo(VirtualMachineError.InvalidArgument));
    }

    [Test]
    public void Every_integer_that_fits_is_taken_and_answered_as_32_bits()
    {
        foreach (object number in new object[] { (sbyte)7, (byte)7, (short)7, (ushort)7, 7, 7u, 7L, 7UL })
        {
            bench.Machine.SetConfigurationValue("test/number", number);
            Assert.That(bench.Machine.GetConfigurationValue("test/number"), Is.EqualTo(7).And.TypeOf<int>(), number.GetType().Name);
        }

        bench.Machine.SetConfigurationValue("test/number", 4_294_967_295u);
        Assert.That(bench.Machine.GetConfigurationValue("test/number"), Is.EqualTo(-1), "the same 32 bits");
        Assert.That(
            () => bench.Machine.SetConfigurationValue("test/number", 4_294_967_296L),
            Throws.Exception.With.Property("Error").EqualTo(VirtualMachineError.InvalidArgument));
    }

    [Test]
    public void The_host_s_numbers_that_the_contract_gives_as_text_are_text_and_its_memory_is_decimal()
    {
        IVMHostInfo computer = bench.Application.get_HostInfo();

        Assert.That(computer.get_Memory(), Is.TypeOf<decimal>());
        Assert.That(computer.get_MemoryTotalString(), Is.EqualTo($"{computer.get_Memory()}"));
        Assert.That(computer.get_MemoryAvail(), Is.TypeOf<decimal>().And.LessThanOrEqualTo(computer.get_Memory()));
        Assert.That(computer.get_NetworkAddresses(), Is.TypeOf<object[]>());
        Assert.That(computer.get_SerialPorts(), Is.Not.Null);
        Assert.That(computer.get_ParallelPort(), Is.Not.Null);
        Assert.That(computer.get_UTCTime().Kind, Is.EqualTo(DateTimeKind.Utc));
        Assert.That(bench.Application.get_HostInfo(), Is.SameAs(computer));
        Assert.That(
            bench.Application.get_SupportDrivers().get_Item(1).get_Type(),
            Is.EqualTo(VMSupportDriverType.vmSupportDriver_VirtualMachineMonitor));
    }
}
