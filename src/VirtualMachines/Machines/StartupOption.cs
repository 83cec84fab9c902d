namespace VpcComApi.VirtualMachines.Machines;

/// <summary>How a machine starts. The numbers are those of the contract's VMStartupOption.</summary>
public enum StartupOption
{
    /// <summary>As it is.</summary>
    Normal = 0,

    /// <summary>Accept and repair a changed time stamp of a differencing disk's parent.</summary>
    FixParentTimestampMismatch = 1,
}
