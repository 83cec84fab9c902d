using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using VpcComApi.Interop;

namespace VpcComApi.MarshallingProbe;

/// <summary>A failed call leaves its text, and whose it is, with the caller's thread.</summary>
internal static unsafe partial class ErrorInfoChecks
{
    // Slots of IErrorInfo.
    private const int GetSourceSlot = 4;
    private const int GetDescriptionSlot = 5;

    private const int NotImplemented = unchecked((int)0x80004001);

    public static void Run(Checks checks)
    {
        nint application = (nint)ComInterfaceMarshaller<IVMVirtualPC>.ConvertToUnmanaged(new ServedApplication());
        ContractMember member = ContractMembers.All.Single(
            m => m is { InterfaceName: nameof(IVMVirtualPC), VtableName: "get_SupportDrivers" });
        nint result = 0;
        int hresult = ((delegate* unmanaged<nint, nint*, int>)Slot(application, member.Slot!.Value))(application, &result);
        checks.AreEqual("HRESULT of a failed call", hresult, NotImplemented);

        checks.AreEqual("IErrorInfo is there", GetErrorInfo(0, out nint info), HResults.S_OK);
        checks.AreEqual(
            "its description",
            ReadText(info, GetDescriptionSlot),
            "IVMVirtualPC.SupportDrivers cannot be read: it is not implemented yet.");
        checks.AreEqual("its source", ReadText(info, GetSourceSlot), "VirtualPC.Application");
        Marshal.Release(info);
        CheckClient(checks, application);
        Marshal.Release(application);
    }

    /// <summary>A C# client gets the text as the message of the exception.</summary>
    private static void CheckClient(Checks checks, nint application)
    {
        IVMVirtualPC client = (IVMVirtualPC)new StrategyBasedComWrappers().GetOrCreateObjectForComInstance(
            application, CreateObjectFlags.UniqueInstance);
        try
        {
            _ = client.get_SupportDrivers();
            checks.AreEqual("a client's exception", null, nameof(NotImplementedException));
        }
        catch (NotImplementedException exception)
        {
            checks.AreEqual(
                "a client's exception", exception.Message, "IVMVirtualPC.SupportDrivers cannot be read: it is not implemented yet.");
        }
    }

    private static string? ReadText(nint info, int slot)
    {
        nint text = 0;
        Marshal.ThrowExceptionForHR(((delegate* unmanaged<nint, nint*, int>)Slot(info, slot))(info, &text));
        string result = Marshal.PtrToStringBSTR(text);
        Marshal.FreeBSTR(text);
        return result;
    }

    private static void* Slot(nint unknown, int slot) => (*(void***)unknown)[slot];

    [LibraryImport("oleaut32")]
    private static partial int GetErrorInfo(uint reserved, out nint info);
}
