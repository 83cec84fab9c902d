using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop.Tests.Calls;

/// <summary>Calls go from a C# client through the vtable to a C# server: both sides of one contract.</summary>
[TestFixture]
public sealed class VtableCallTests
{
    private ServedApplication served = null!;
    private IVMVirtualPC application = null!;

    [SetUp]
    public void Connect()
    {
        served = new ServedApplication();
        application = ComClient.Connect<IVMVirtualPC>(served);
        Assert.That(application, Is.InstanceOf<ComObject>(), "the call must not go to the object directly");
    }

    [TearDown]
    public void Disconnect() => ((ComObject)(object)application).FinalRelease();

    [Test]
    public void A_member_that_the_server_overrides_answers_its_value() =>
        Assert.That(application.get_Name(), Is.EqualTo("Windows Virtual PC"));

    [Test]
    public void A_member_that_the_server_does_not_override_answers_E_NOTIMPL() =>
        Assert.That(() => application.get_SearchPaths(), Throws.TypeOf<NotImplementedException>());

    [TestCase("get_Undoable", "IVMVirtualMachine.Undoable cannot be read: it is not implemented yet.")]
    [TestCase("put_Undoable", "IVMVirtualMachine.Undoable cannot be set: it is not implemented yet.")]
    [TestCase("AddHardDiskConnection", "IVMVirtualMachine.AddHardDiskConnection is not implemented yet.")]
    public void The_error_of_a_member_that_is_not_implemented_names_it(string vtableName, string expected) =>
        Assert.That(new MemberNotImplementedException("IVMVirtualMachine", vtableName).Message, Is.EqualTo(expected));

    [Test]
    public void A_failure_reaches_the_client_with_its_HRESULT() =>
        Assert.That(
            () => application.get_UpTime(), Throws.TypeOf<COMException>().With.Property("HResult").EqualTo(HResults.VM_E_VM_UNKNOWN));

    [Test]
    public unsafe void A_caller_that_gives_no_place_for_the_result_is_answered_E_POINTER()
    {
        nint address = (nint)ComInterfaceMarshaller<IVMVirtualPC>.ConvertToUnmanaged(served);
        try
        {
            int slot = ContractMembers.All.Single(m => m is { InterfaceName: nameof(IVMVirtualPC), VtableName: "get_Name" }).Slot!.Value;
            delegate* unmanaged<nint, nint, int> getName = (delegate* unmanaged<nint, nint, int>)(*(nint**)address)[slot];

            Assert.That(getName(address, 0), Is.EqualTo(HResults.E_POINTER));
        }
        finally
        {
            Marshal.Release(address);
        }
    }

    [Test]
    public void A_search_that_finds_nothing_answers_S_FALSE_and_a_null_object()
    {
        int hresult = application.FindVirtualMachine("nobody", out IVMVirtualMachine? machine);

        Assert.That(hresult, Is.EqualTo(HResults.S_FALSE));
        Assert.That(machine, Is.Null);
    }

    [Test]
    public void A_search_that_finds_something_answers_S_OK_and_the_object()
    {
        int hresult = application.FindVirtualMachine("Windows XP Mode", out IVMVirtualMachine? machine);

        Assert.That(hresult, Is.EqualTo(HResults.S_OK));
        Assert.That(machine!.get_State(), Is.EqualTo(VMVMState.vmVMState_Running));
        Assert.That(machine.get_HasSSE2(), Is.True);
    }

    [Test]
    public void A_text_that_is_absent_arrives_as_null_and_an_empty_one_as_empty()
    {
        application.put_DefaultVMConfigurationPath(null);
        Assert.That(served.DefaultPath, Is.Null);

        application.put_DefaultVMConfigurationPath("");
        Assert.That(served.DefaultPath, Is.Empty);
    }

    [Test]
    public void A_VARIANT_arrives_in_the_server_and_comes_back()
    {
        application.SetConfigurationValue("hardware/memory/ram_size", 512u);

        Assert.That(served.ConfigurationValue, Is.EqualTo(512u).And.TypeOf<uint>());
        Assert.That(application.GetConfigurationValue("hardware/memory/ram_size"), Is.EqualTo(512u).And.TypeOf<uint>());
    }

    [Test]
    public void A_served_object_says_that_it_describes_the_errors_of_its_dual_interface()
    {
        ISupportErrorInfo support = (ISupportErrorInfo)application;

        Assert.That(support.InterfaceSupportsErrorInfo(Iids.IVMVirtualPC), Is.EqualTo(HResults.S_OK));
        Assert.That(support.InterfaceSupportsErrorInfo(Iids.IVMTask), Is.EqualTo(HResults.S_FALSE));
    }
}
