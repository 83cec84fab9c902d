namespace VpcComApi.VpcBus.Rings;

/// <summary>Whom the two ends of a ring tell of what happens to it. Called with the gate of the end held.</summary>
internal interface IRingSignals
{
    /// <summary>The other side waits for what was just done: it is to look at the rings of a place.</summary>
    void Signal(int place);

    /// <summary>Pages were touched that can be given back when the ring is idle.</summary>
    void NoteTouched();

    /// <summary>A consumer has let go of its ring: the place may be over.</summary>
    void NoteClosed(int place);
}
