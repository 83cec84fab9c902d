namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// What one can have a right to of a file; the value is the byte of the lock file that stands for it. See <see cref="FileUseLock"/>.
/// </summary>
internal enum FileRight
{
    /// <summary>
    /// To run the machine of a .vmc file, or to take away what a run needs; to read or write a disk. Held as long as that lasts.
    /// </summary>
    Use = 0,

    /// <summary>
    /// To change the content of a file of values, to rename or to delete it. Held for the moment of the change, also of a file that
    /// somebody else uses.
    /// </summary>
    Change = 1,
}
