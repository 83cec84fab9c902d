using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Providers;

/// <summary>Reads what a provider has stored with a machine. What stands there now may be anything.</summary>
public static class StoredFile
{
    /// <summary>Reads a file whole.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="maximumLength">The most bytes that are read.</param>
    /// <exception cref="InvalidDataException">It is longer.</exception>
    /// <exception cref="IOException">It is missing, cannot be read, or is a pipe, a device or a folder.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAllBytes(string path, int maximumLength) => RegularFile.ReadAllBytes(path, maximumLength);
}
