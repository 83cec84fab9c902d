using System.Text;
using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.EndToEnd.Tests.Walks;

/// <summary>
/// Writes a program that reads every property of every object it can reach from the application object: one routine an interface.
/// </summary>
/// <param name="contract">The contract.</param>
internal abstract class WalkWriter(Contract contract)
{
    /// <summary>The most elements of a collection that are entered.</summary>
    protected const int MostElements = 3;

    /// <summary>
    /// The properties that tell of the moment, so that two walks may differ: what they hold is not written, only that they could be read.
    /// </summary>
    private static readonly HashSet<string> Varying =
    [
        "IVMVirtualPC.UpTime", "IVMVirtualPC.SuggestedMaximumMemoryPerVM", "IVMVirtualMachine.RdpPipeName", "IVMHostInfo.MemoryAvail",
        "IVMHostInfo.MemoryAvailString", "IVMHostInfo.UTCTime", "IVMHostInfo.ProcessorSpeed", "IVMHostInfo.ProcessorSpeedString",
        "IVMVirtualMachine.ProcessorSpeed", "IVMGuestOS.HeartbeatPercentage", "IVMGuestOS.IsHeartbeating", "IVMAccountant.CPUUtilization",
        "IVMAccountant.DiskBytesRead", "IVMAccountant.DiskBytesWritten", "IVMAccountant.NetworkBytesReceived",
        "IVMAccountant.NetworkBytesSent",
        "IVMAccountant.UpTime", "IVMHardDisk.HostFreeDiskSpace", "IVMDisplay.Thumbnail", "IVMTaskCollection.Count",
        "IVMTaskCollection._NewEnum",
    ];

    /// <summary>Properties that lead back to where the walk has been, and so are not entered.</summary>
    private static readonly HashSet<string> Backwards =
        ["IVMNetworkAdapter.VirtualMachine", "IVMNetworkAdapter.VirtualNetwork", "IVMHardDisk.Parent"];

    /// <summary>The program's text.</summary>
    public string Write()
    {
        StringBuilder text = new();
        foreach (InterfaceDefinition walked in contract.Interfaces.Where(candidate => candidate.IsDual))
        {
            WriteInterface(text, walked);
        }

        return text.ToString();
    }

    /// <summary>Whether what a property holds may change between two walks.</summary>
    protected static bool Varies(InterfaceDefinition owner, MemberDefinition member) => Varying.Contains($"{owner.Name}.{member.Name}");

    /// <summary>Whether the walk goes on from what a property leads to.</summary>
    protected static bool IsEntered(InterfaceDefinition owner, MemberDefinition member) =>
        !Backwards.Contains($"{owner.Name}.{member.Name}");

    /// <summary>The properties that take no argument: values, objects and enumerators, in the order of the vtable.</summary>
    protected static IEnumerable<MemberDefinition> PropertiesOf(InterfaceDefinition walked) =>
        walked.Members.Where(member => member.Kind == "propget" && member.Params.All(parameter => parameter.IsReturnValue));

    /// <summary>The interface of a collection's elements, or null for what is no collection.</summary>
    protected static string? ElementOf(InterfaceDefinition walked) =>
        walked.Members.SingleOrDefault(member => member.Name == "Item")?.ReturnValue!.BaseType;

    /// <summary>How many elements of a collection are entered. The last tasks come and go.</summary>
    protected static int EnteredElements(InterfaceDefinition walked) => walked.Name == "IVMTaskCollection" ? 1 : MostElements;

    /// <summary>Whether a property leads to an object of the contract.</summary>
    protected static bool LeadsToObject(MemberDefinition member) => member.ReturnValue!.Category == "interface" && !IsEnumerator(member);

    /// <summary>Whether a property is the enumerator of a collection.</summary>
    protected static bool IsEnumerator(MemberDefinition member) => member.Name == "_NewEnum";

    /// <summary>Writes the routine that walks the objects of an interface.</summary>
    protected abstract void WriteInterface(StringBuilder text, InterfaceDefinition walked);
}
