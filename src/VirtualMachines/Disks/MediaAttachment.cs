namespace VpcComApi.VirtualMachines.Disks;

/// <summary>What is in a drive. The numbers are those of the contract.</summary>
public enum MediaAttachment
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An image file.</summary>
    Image = 1,

    /// <summary>A drive of the host.</summary>
    HostDrive = 2,
}
