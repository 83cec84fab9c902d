using Moq;
using VpcComApi.ComServer.Adapters;
using VpcComApi.ComServer.Automation;
using VpcComApi.ComServer.Tests.Automation;
using VpcComApi.Interop;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.ComServer.Tests.Adapters;

/// <summary>The adapters over the real domain, called as the COM stubs call them. No machine is started.</summary>
[TestFixture]
internal sealed class AdapterTests
{
    private ServedDomain domain = null!;
    private VirtualPCAdapter application = null!;

    [SetUp]
    public void Open_the_application()
    {
        domain = new ServedDomain(Mock.Of<IMachineProvider>(provider => provider.Name == "emulated"));
        application = domain.Application;
    }

    [TearDown]
    public async Task Close_the_application() => await domain.DisposeAsync();

    [Test]
    public void The_same_machine_is_the_same_object_however_it_is_found()
    {
        int result = application.FindVirtualMachine("windows XP mode", out IVMVirtualMachine? found);

        Assert.That(result, Is.EqualTo(HResults.S_OK));
        Assert.That(application.get_VirtualMachines().get_Item(1), Is.SameAs(found));
        Assert.That(found!.get_GuestOS(), Is.SameAs(found.get_GuestOS()));
    }

    [Test]
    public void An_unknown_name_is_S_FALSE_without_an_object()
    {
        int result = application.FindVirtualMachine("nobody", out IVMVirtualMachine? found);

        Assert.That(result, Is.EqualTo(HResults.S_FALSE));
        Assert.That(found, Is.Null);
    }

    [Test]
    public void A_NULL_name_is_a_missing_argument()
    {
        VirtualMachineException? refusal = Assert.Throws<VirtualMachineException>(() => application.FindVirtualMachine(null, out _));

        Assert.That(refusal!.Error, Is.EqualTo(VirtualMachineError.MissingArgument));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(2)]
    public void A_collection_counts_from_one(int index)
    {
        IVMVirtualMachineCollection machines = application.get_VirtualMachines();

        VirtualMachineException? refusal = Assert.Throws<VirtualMachineException>(() => machines.get_Item(index));

        Assert.That(machines.get_Count(), Is.EqualTo(1));
        Assert.That(refusal!.Error, Is.EqualTo(VirtualMachineError.BadIndex));
        Assert.That(refusal.Message, Does.Contain("1 to 1"));
    }

    [Test]
    public void A_collection_does_not_change_under_the_one_who_walks_it()
    {
        IVMVirtualMachineCollection before = application.get_VirtualMachines();
        IVMVirtualMachine second = application.CreateVirtualMachine("Second", domain.Folder.PathOf("machines"));
        IVMVirtualMachineCollection between = application.get_VirtualMachines();
        int deleted = application.DeleteVirtualMachine(second);

        Assert.That(deleted, Is.EqualTo(HResults.S_OK));
        Assert.That(before.get_Count(), Is.EqualTo(1));
        Assert.That(between.get_Count(), Is.EqualTo(2));
        Assert.That(application.get_VirtualMachines().get_Count(), Is.EqualTo(1));
    }

    [Test]
    public void A_machine_that_is_not_from_here_is_refused()
    {
        VirtualMachineException? refusal = Assert.Throws<VirtualMachineException>(
            () => application.UnregisterVirtualMachine(Mock.Of<IVMVirtualMachine>()));

        Assert.That(refusal!.Error, Is.EqualTo(VirtualMachineError.InvalidArgument));
    }

    [Test]
    public async Task Events_of_the_domain_and_of_the_log_reach_the_sinks()
    {
        List<int> heard = [];
        using FakeDispatch client = new(dispId =>
        {
            lock (heard)
            {
                heard.Add(dispId);
            }

            return 0;
        });
        application.FindVirtualMachine("Windows XP Mode", out IVMVirtualMachine? machine);
        int machineAdvised = ((IEventSource)machine!).Events.Advise(client.Address, out uint machineCookie);
        machine!.SetConfigurationValue("a/key", 5);
        await Wait.UntilAsync(() => Heard(heard) == "6", "OnConfigurationChanged");
        int unadvised = ((IEventSource)machine).Events.Unadvise(machineCookie);
        int again = ((IEventSource)machine).Events.Unadvise(machineCookie);

        application.Events.Advise(client.Address, out uint applicationCookie);
        domain.LoggedEvents.CreateLogger("test").Log(Microsoft.Extensions.Logging.LogLevel.Information, 1002, 0, null, (_, _) => "");
        domain.LoggedEvents.CreateLogger("test").Log(Microsoft.Extensions.Logging.LogLevel.Information, 1001, 0, null, (_, _) => "");
        domain.LoggedEvents.CreateLogger("test").Log(Microsoft.Extensions.Logging.LogLevel.Information, 12, 0, null, (_, _) => "");
        await Wait.UntilAsync(() => Heard(heard) == "6,3,3,1", "two entries of the log, one about the application");
        application.Events.Unadvise(applicationCookie);

        Assert.That(machineAdvised, Is.EqualTo(HResults.S_OK));
        Assert.That(unadvised, Is.EqualTo(HResults.S_OK));
        Assert.That(again, Is.EqualTo(unchecked((int)0x80040200)), "CONNECT_E_NOCONNECTION");
    }

    private static string Heard(List<int> heard)
    {
        lock (heard)
        {
            return string.Join(',', heard);
        }
    }
}
