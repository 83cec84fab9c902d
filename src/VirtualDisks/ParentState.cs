namespace VpcComApi.VirtualDisks;

/// <summary>How the parent of a differencing image is found.</summary>
public enum ParentState
{
    /// <summary>It is the image that the child was made from, and has not changed since.</summary>
    Unchanged,

    /// <summary>It is that image, and has changed since. What the child shows may make no sense any more.</summary>
    Modified,

    /// <summary>There is no file where the child says.</summary>
    NotFound,

    /// <summary>There is another image where the child says.</summary>
    OtherDisk,

    /// <summary>There is a file that is damaged, is no image, or cannot be read.</summary>
    Unreadable,
}
