namespace VpcComApi.FaultRun.Transfer;

/// <summary>How one end of a transfer saw it end.</summary>
internal enum TransferEnd
{
    /// <summary>It did not see the end: it never began, or was killed.</summary>
    None,

    /// <summary>All bytes came, and the other end has said that it got all.</summary>
    Complete,

    /// <summary>The other end's bytes ended before they were all there.</summary>
    EndedEarly,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>A byte came that was not the next one: doubled, missing, damaged, or of another transfer. Must never be.</summary>
    WrongBytes,
}
