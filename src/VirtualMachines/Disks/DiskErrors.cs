using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Disks;

/// <summary>Turns refusals of disk images and failures of the file system into the domain's errors.</summary>
internal static class DiskErrors
{
    /// <summary>Does something with a disk image.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="what">What, on which file, for the text of a failure of the file system: "The disk X could not be read".</param>
    /// <param name="action">What to do.</param>
    /// <param name="translate">The domain's error for an image's; the usual one by default.</param>
    /// <exception cref="VirtualMachineException">The refusal.</exception>
    public static T Run<T>(string what, Func<T> action, Func<VirtualDiskError, VirtualMachineError>? translate = null)
    {
        try
        {
            return action();
        }
        catch (VirtualDiskException e)
        {
            throw new VirtualMachineException((translate ?? ErrorOf)(e.Error), e.Message, e) { Remedy = RemedyOf(e) };
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            throw StorageErrors.Translate(e, what);
        }
    }

    /// <inheritdoc cref="Run{T}"/>
    public static void Run(string what, Action action, Func<VirtualDiskError, VirtualMachineError>? translate = null) => Run(
        what,
        () =>
        {
            action();
            return true;
        },
        translate);

    /// <summary>The error of an operation on an image.</summary>
    public static VirtualMachineError ErrorOf(VirtualDiskError error) => error switch
    {
        VirtualDiskError.Foreign or VirtualDiskError.Damaged => VirtualMachineError.InvalidDiskFile,
        VirtualDiskError.Unsupported => VirtualMachineError.UnsupportedDiskKind,
        VirtualDiskError.TooLarge => VirtualMachineError.DiskTooLarge,
        VirtualDiskError.TooSmall => VirtualMachineError.DiskTooSmall,
        VirtualDiskError.WrongKind => VirtualMachineError.WrongDiskKind,
        VirtualDiskError.ParentNotFound => VirtualMachineError.ParentPathNotFound,
        VirtualDiskError.ParentMismatch => VirtualMachineError.ParentMismatch,
        VirtualDiskError.ReadOnly => VirtualMachineError.FileReadOnly,
        VirtualDiskError.InUse => VirtualMachineError.SharingViolation,
        VirtualDiskError.AlreadyExists => VirtualMachineError.AlreadyExists,
        VirtualDiskError.DiskFull => VirtualMachineError.DiskFull,
        _ => VirtualMachineError.Unexpected,
    };

    /// <summary>What helps against a refusal of an image, where the image is known and something helps.</summary>
    private static Remedy? RemedyOf(VirtualDiskException refusal) => (refusal.Error, refusal.Image) switch
    {
        (VirtualDiskError.ParentNotFound or VirtualDiskError.ParentMismatch, { } image) => new Remedy(RemedyAction.SetParent, image),
        (VirtualDiskError.TooLarge, { } image) => new Remedy(RemedyAction.CompactDisk, image),
        (VirtualDiskError.WrongKind, { } image) => new Remedy(RemedyAction.CopyToNewDisk, image),
        _ => null,
    };

    /// <summary>The error of a property that reads an image: the contract has two of its own.</summary>
    public static VirtualMachineError ReadingErrorOf(VirtualDiskError error) => error switch
    {
        VirtualDiskError.Foreign or VirtualDiskError.Damaged => VirtualMachineError.DiskOpenFailed,
        VirtualDiskError.InUse or VirtualDiskError.ReadOnly => VirtualMachineError.DiskAccessFailed,
        VirtualDiskError.Unsupported => VirtualMachineError.DriveInvalid,

        // A parent that is missing is a path or a file that is missing.
        VirtualDiskError.ParentNotFound => VirtualMachineError.FileNotFound,
        _ => ErrorOf(error),
    };
}
