namespace VpcComApi.GuestServices.Machines;

/// <summary>The names of the parameters that exist without having been set by a host.</summary>
internal static class ParameterPresets
{
    /// <summary>The guest's own name.</summary>
    public const string HostName = "HostName";

    /// <summary>The name of the computer that the machine runs on.</summary>
    public const string PhysicalHostName = "PhysicalHostName";

    /// <summary>That name with its domain.</summary>
    public const string PhysicalHostNameFullyQualified = "PhysicalHostNameFullyQualified";

    /// <summary>The machine's name.</summary>
    public const string VirtualMachineName = "VirtualMachineName";

    /// <summary>The asset tag of the machine's chassis, as the guest reads it from its firmware.</summary>
    public const string ChassisAssetTag = "ChassisAssetTag";
}
