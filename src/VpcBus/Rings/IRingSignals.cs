namespace VpcComApi.VpcBus.Rings;

/// <summary>Whom the two ends of a ring tell of what happens to it. Called with the gate of the end held.</summary>
internal interface IRingSignals
{
    /// <summary>The other side waits for what was just done: it is to look at the rings of a slot.</summary>
    void Signal(int slot);

    /// <summary>Pages were touched that can be given back when the ring is idle.</summary>
    void NoteTouched();

    /// <summary>A consumer has let go of its ring: the slot may be over.</summary>
    void NoteClosed(int slot);
}
