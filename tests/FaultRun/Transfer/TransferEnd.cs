namespace VpcComApi.FaultRun.Transfer;

/// <summary>How one end of a transfer saw it end.</summary>
internal enum TransferEnd
{
    /// <summary>It did not see the end: it never began, or was killed.</summary>
    None,

    /// <summary>All bytes arrived, and the other end has confirmed that it received all.</summary>
    Complete,

    /// <summary>The other end's bytes ended before they were all there.</summary>
    EndedEarly,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>A wrong byte arrived: duplicated, missing, damaged, or of another transfer. Must never happen.</summary>
    WrongBytes,
}
