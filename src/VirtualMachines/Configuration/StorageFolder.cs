using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>Folders for files of machines and disks.</summary>
internal static class StorageFolder
{
    /// <summary>Makes a folder, with those above it, unless it is there.</summary>
    /// <param name="folder">Its full path.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.AccessDenied"/>, <see cref="VirtualMachineError.DiskFull"/>, or
    /// <see cref="VirtualMachineError.PathNotFound"/> for all else.
    /// </exception>
    public static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            throw e is UnauthorizedAccessException || VolumeErrors.IsFull(e)
                ? StorageErrors.Translate(e, $"The folder {folder} could not be made")
                : new VirtualMachineException(VirtualMachineError.PathNotFound, $"The folder {folder} could not be made: {e.Message}", e);
        }
    }
}
