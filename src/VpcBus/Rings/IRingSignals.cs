namespace VpcComApi.VpcBus.Rings;

/// <summary>Receives notifications from the two ends of a ring. Called with the gate of the end held.</summary>
internal interface IRingSignals
{
    /// <summary>The other side waits for what has just happened: it is to be signalled to check the rings of a slot.</summary>
    void Signal(int slot);

    /// <summary>Pages were touched that can be returned to the system when the ring is idle.</summary>
    void NoteTouched();

    /// <summary>A consumer has closed its ring: the slot may be free now.</summary>
    void NoteClosed(int slot);
}
