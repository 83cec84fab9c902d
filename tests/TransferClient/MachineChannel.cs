using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using VpcComApi.EarlyBoundClient;
using VpcComApi.Interop;

namespace VpcComApi.TransferClient;

/// <summary>Opens a communication channel through COM, to a machine that runs.</summary>
[SupportedOSPlatform("windows")]
internal static class MachineChannel
{
    /// <summary>Opens the channel.</summary>
    /// <param name="machineName">The machine.</param>
    /// <param name="pipeName">The bare name of the pipe.</param>
    /// <param name="port">The guest's port.</param>
    public static void Open(string machineName, string pipeName, string port)
    {
        IVMVirtualPC application = ComActivation.Create<IVMVirtualPC>(Clsids.VMVirtualPC);
        Marshal.ThrowExceptionForHR(application.FindVirtualMachine(machineName, out IVMVirtualMachine? machine));
        (machine ?? throw new InvalidOperationException($"There is no machine {machineName}.")).StartCommunicationChannel(
            VMEndpointType.vmEndpoint_NamedPipe, @"\\.\pipe\" + pipeName, VMEndpointType.vmEndpoint_TCPIP, port);
    }
}
