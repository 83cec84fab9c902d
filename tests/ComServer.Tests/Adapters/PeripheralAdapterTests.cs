using Moq;
using VpcComApi.ComServer.Activation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.ComServer.Tests.Adapters;

/// <summary>Display, keyboard, mouse and ports over the real domain, on a machine that is off.</summary>
[TestFixture]
internal sealed class PeripheralAdapterTests
{
    private const uint StrongConnection = 1;

    private ServedDomain domain = null!;
    private IVMVirtualMachine machine = null!;

    [SetUp]
    public void Open_the_application()
    {
        domain = new ServedDomain(Mock.Of<IMachineProvider>(provider => provider.Name == "emulated"));
        machine = domain.Machine;
    }

    [TearDown]
    public async Task Close_the_application() => await domain.DisposeAsync();

    [Test]
    public void The_domain_knows_every_key_of_the_contract() =>
        Assert.That(() => KeyTokens.Keys.Select(machine.get_Keyboard().IsPressed), Has.Exactly(103).Items.And.All.False);

    [Test]
    public void A_machine_has_one_display_and_each_caller_a_keyboard_of_its_own()
    {
        IVMDisplay display = machine.get_Display();
        IVMKeyboard keyboard = machine.get_Keyboard();

        Assert.That(machine.get_Display(), Is.SameAs(display));
        Assert.That(machine.get_Keyboard(), Is.Not.SameAs(keyboard));
        Assert.That(() => machine.get_Mouse(), Throws.InstanceOf<VirtualMachineException>()
            .With.Property(nameof(VirtualMachineException.Error)).EqualTo(VirtualMachineError.MachineNotRunning));
    }

    [Test]
    public void A_thumbnail_is_an_array_of_unsigned_numbers_also_when_the_machine_is_off()
    {
        object?[] thumbnail = (object?[])machine.get_Display().get_Thumbnail()!;

        Assert.That(thumbnail, Has.Length.EqualTo(3072).And.All.EqualTo(0u).And.All.InstanceOf<uint>());
        Assert.That(() => machine.get_Display()._GenerateThumbnail(0), Throws.InstanceOf<VirtualMachineException>()
            .With.Property(nameof(VirtualMachineException.Error)).EqualTo(VirtualMachineError.MissingArgument));
    }

    [Test]
    public void Exclusive_access_is_S_FALSE_when_it_is_so_already_and_ends_with_the_client_s_last_reference()
    {
        IVMKeyboard first = machine.get_Keyboard();
        IVMKeyboard second = machine.get_Keyboard();
        IServedObject client = (IServedObject)first;
        client.AddConnection(StrongConnection, 0);

        Assert.That(first.put_HasExclusiveAccess(true), Is.EqualTo(HResults.S_OK));
        Assert.That(first.put_HasExclusiveAccess(true), Is.EqualTo(HResults.S_FALSE));
        Assert.That(second.put_HasExclusiveAccess(false), Is.EqualTo(HResults.S_FALSE));
        Assert.That(() => second.put_HasExclusiveAccess(true), Throws.InstanceOf<VirtualMachineException>());
        client.ReleaseConnection(StrongConnection, 0, 1);

        Assert.That(second.put_HasExclusiveAccess(true), Is.EqualTo(HResults.S_OK));
        Assert.That(second.get_HasExclusiveAccess(out bool isExclusive), Is.EqualTo(HResults.S_OK));
        Assert.That(isExclusive, Is.True);
    }

    [Test]
    public void Ports_are_counted_from_one_and_keep_their_settings()
    {
        IVMSerialPortCollection ports = machine.get_SerialPorts();
        IVMSerialPort second = ports.get_Item(2);
        second.Configure(VMSerialPortType.vmSerialPort_NamedPipe, @"\\.\pipe\adapter-test", true);
        second._ID(out int id);
        IVMParallelPort parallel = machine.get_ParallelPorts().get_Item(1);
        parallel.put_Name("LPT2");

        Assert.That(ports.get_Count(), Is.EqualTo(2));
        Assert.That(id, Is.EqualTo(2));
        Assert.That(machine.get_SerialPorts().get_Item(2), Is.SameAs(second));
        Assert.That(second.get_Type(), Is.EqualTo(VMSerialPortType.vmSerialPort_NamedPipe));
        Assert.That(second.get_Name(), Is.EqualTo(@"\\.\pipe\adapter-test"));
        Assert.That(second.get_ConnectImmediately(), Is.False, "it is for host ports only");
        Assert.That(ports.get_Item(1).get_Type(), Is.EqualTo(VMSerialPortType.vmSerialPort_Null));
        Assert.That(ports.get_Item(1).get_Name(), Is.Empty);
        Assert.That(parallel.get_Name(), Is.EqualTo("LPT2"));
        Assert.That(() => ports.get_Item(3), Throws.InstanceOf<VirtualMachineException>()
            .With.Property(nameof(VirtualMachineException.Error)).EqualTo(VirtualMachineError.BadIndex));
    }

    [Test]
    public void Parts_of_a_machine_that_is_no_longer_registered_say_so()
    {
        IVMSerialPort port = machine.get_SerialPorts().get_Item(1);
        IVMDisplay display = machine.get_Display();
        domain.Host.UnregisterVirtualMachine(domain.Host.FindVirtualMachine("Windows XP Mode")!);

        foreach (Action use in (Action[])
            [
                () => port.get_Name(), () => port._ID(out _), () => display.get_Width(), () => machine.get_Keyboard(),
            ])
        {
            Assert.That(use.Invoke, Throws.InstanceOf<VirtualMachineException>()
                .With.Property(nameof(VirtualMachineException.Error)).EqualTo(VirtualMachineError.MachineUnknown));
        }

        Assert.That((object?[])display.get_Thumbnail()!, Is.All.EqualTo(0u));
    }
}
