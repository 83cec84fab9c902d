namespace VpcComApi.VirtualMachines.Disks;

/// <summary>Something was put into a drive or taken out.</summary>
public sealed class MediaChangedEventArgs : EventArgs
{
    internal MediaChangedEventArgs(bool inserted, string media)
    {
        Inserted = inserted;
        Media = media;
    }

    /// <summary>Whether it was put in.</summary>
    public bool Inserted { get; }

    /// <summary>The image's path or the host drive's letter.</summary>
    public string Media { get; }
}
