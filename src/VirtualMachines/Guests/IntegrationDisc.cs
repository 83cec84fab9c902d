using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>A disc image of the integration components, <c>vmsrvc-VERSION.iso</c>.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Version">The version in its name.</param>
internal sealed record IntegrationDisc(string Path, Version Version)
{
    private const string Prefix = "vmsrvc-";
    private const string Extension = ".iso";

    /// <summary>Finds the newest one in a folder.</summary>
    /// <param name="folder">The folder; it need not exist.</param>
    /// <returns>The disc, or null when there is none.</returns>
    public static IntegrationDisc? FindNewest(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder, Prefix + "*" + Extension)
                .Select(TryRead)
                .OfType<IntegrationDisc>()
                .MaxBy(disc => disc.Version);
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            // A folder that is not there, or cannot be read, has no disc.
            return null;
        }
    }

    /// <summary>Whether it holds newer components than those that a guest has. Ones whose version cannot be read are left alone.</summary>
    /// <param name="componentsVersion">The version that the guest reports.</param>
    public bool IsNewerThan(string componentsVersion) => Version.TryParse(componentsVersion, out Version? theirs) && Version > theirs;

    private static IntegrationDisc? TryRead(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        return Version.TryParse(name[Prefix.Length..^Extension.Length], out Version? version)
            ? new IntegrationDisc(System.IO.Path.GetFullPath(path), version)
            : null;
    }
}
