using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using VpcComApi.CommandLine.Machines;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Com;

/// <summary>Translates what COM objects say into what vpcctl shows.</summary>
[SupportedOSPlatform("windows")]
internal static class ComDescriptions
{
    /// <summary>A thumbnail's pixel has its blue in the highest byte, then green, then red.</summary>
    public static uint ColorOf(uint pixel) => ((pixel >> 24) & 0xFF) | ((pixel >> 8) & 0xFF00) | ((pixel << 8) & 0xFF0000);

    /// <summary>Describes a machine in a line of a list.</summary>
    public static MachineSummary Summarize(IVMVirtualMachine machine) =>
        new(machine.get_Name(), StateOf(machine), machine.get_Memory(), machine.get_File());

    /// <summary>The state of a machine. The domain's numbers are the contract's.</summary>
    public static MachineState StateOf(IVMVirtualMachine machine) => (MachineState)machine.get_State();

    /// <summary>Adds what the guest says of itself.</summary>
    public static MachineDetails WithGuest(MachineDetails details, IVMGuestOS guest)
    {
        try
        {
            return details with
            {
                HeartbeatPercent = guest.get_HeartbeatPercentage(),
                ComputerName = guest.get_ComputerName(),
                OperatingSystem = GuestText.OperatingSystem(guest.get_OSName(), guest.get_OSVersion()),
                IntegrationComponentsVersion = guest.get_IntegrationComponentsVersion(),
            };
        }
        catch (Exception e) when (e is COMException or ArgumentException or InvalidOperationException)
        {
            // The guest went meanwhile, or has not answered yet: the machine is described without it.
            return details;
        }
    }

    /// <summary>Waits for the ready event of a machine.</summary>
    /// <returns>Whether it was set in that time.</returns>
    public static bool IsReady(IVMVirtualMachine machine, int waitMilliseconds)
    {
        string name = $@"Local\{machine.get_ChassisAssetTag()}_ChannelReady";
        using EventWaitHandle ready = new(initialState: false, EventResetMode.ManualReset, name);
        return ready.WaitOne(waitMilliseconds);
    }

    /// <summary>Describes an operation as it stands.</summary>
    public static OperationProgress Describe(IVMTask task)
    {
        bool isComplete = task.get_IsComplete();
        VMTaskResult result = task.get_Result();
        bool failed = isComplete && result != VMTaskResult.vmTaskResult_Success;
        return new OperationProgress(
            task.get_ID(),
            task.get_Description(),
            task.get_PercentCompleted(),
            isComplete,
            failed ? ErrorOf(task) : null,
            failed ? ErrorTextOf(task) : null);
    }

    private static string ErrorTextOf(IVMTask task) => CommandRemedies.TextOf(
        new VirtualMachineException(ErrorOf(task), task.get_ErrorDescription()) { Remedy = ComErrors.RemedyOf(task.get_Error()) });

    private static VirtualMachineError ErrorOf(IVMTask task) => ComErrors.ErrorOf(task.get_Error());
}
