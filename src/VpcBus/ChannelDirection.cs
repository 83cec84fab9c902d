namespace VpcComApi.VpcBus;

/// <summary>Which way a bus channel carries its bytes, as this side sees it.</summary>
public enum ChannelDirection
{
    /// <summary>From this side to the other.</summary>
    Sending = 0,

    /// <summary>From the other side to this one.</summary>
    Receiving = 1,
}
