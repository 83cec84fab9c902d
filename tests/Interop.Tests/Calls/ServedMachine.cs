using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop.Tests.Calls;

/// <summary>A virtual machine of <see cref="ServedApplication"/>.</summary>
[GeneratedComClass]
internal sealed partial class ServedMachine() : VMVirtualMachineBase(new NoDispatcher())
{
    public override VMVMState get_State() => VMVMState.vmVMState_Running;

    public override bool get_HasSSE2() => true;
}
