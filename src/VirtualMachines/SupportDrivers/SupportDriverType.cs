namespace VpcComApi.VirtualMachines.SupportDrivers;

/// <summary>What a support driver is for. The numbers are those of the contract's VMSupportDriverType.</summary>
public enum SupportDriverType
{
    /// <summary>It runs machines.</summary>
    VirtualMachineMonitor = 0,

    /// <summary>It connects machines with networks.</summary>
    NetworkServices = 1,
}
