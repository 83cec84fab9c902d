using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines;

/// <summary>
/// What is refused because a machine's provider cannot do it. The one place that looks at <see cref="MachineCapabilities"/>.
/// </summary>
internal static class CapabilityRules
{
    /// <summary>Whether a machine has a capability.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="capability">The capability.</param>
    public static bool Can(this IRunningMachine machine, MachineCapabilities capability) =>
        (machine.Capabilities & capability) == capability;

    /// <summary>Refuses what a machine cannot do.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="capability">One capability.</param>
    /// <param name="machineName">The machine, for the text.</param>
    /// <exception cref="VirtualMachineException">It does not have the capability; the error is the capability's own.</exception>
    public static void Demand(this IRunningMachine machine, MachineCapabilities capability, string machineName)
    {
        if (machine.Can(capability))
        {
            return;
        }

        (VirtualMachineError error, string what) = capability switch
        {
            MachineCapabilities.Display => (VirtualMachineError.NoDisplay, "gives it no display."),
            MachineCapabilities.Keyboard => (VirtualMachineError.ProviderFailed, "gives it no keyboard."),
            MachineCapabilities.Mouse => (VirtualMachineError.MouseNotActive, "gives it no mouse."),
            MachineCapabilities.Usb => (
                VirtualMachineError.IntegrationFeatureNotAvailable, "cannot give it USB devices. Leave the device with the host."),
            MachineCapabilities.Save => (VirtualMachineError.NotImplemented, "cannot save it. Shut its guest down, or turn it off."),
            _ => (VirtualMachineError.NotImplemented, $"does not have the capability {capability}."),
        };
        throw new VirtualMachineException(error, $"The provider of the machine '{machineName}' {what}");
    }
}
