namespace VpcComApi.VirtualMachines.Disks;

/// <summary>Something was put into a drive or taken out.</summary>
/// <param name="inserted">Whether it was put in.</param>
/// <param name="media">The image's path or the host drive's letter.</param>
public sealed class MediaChangedEventArgs(bool inserted, string media) : EventArgs
{
    /// <summary>Whether it was put in.</summary>
    public bool Inserted { get; } = inserted;

    /// <summary>The image's path or the host drive's letter.</summary>
    public string Media { get; } = media;
}
