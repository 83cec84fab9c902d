namespace VpcComApi.VpcBus.Protocol;

/// <summary>The reject codes of the bus itself. Codes from 0 upwards are defined by the services.</summary>
internal static class RejectCode
{
    /// <summary>The accepter allows no more channel pairs.</summary>
    public const int TooManyChannels = -1;

    /// <summary>Answers a <see cref="FrameType.Withdraw"/>.</summary>
    public const int Withdrawn = -2;

    /// <summary>The accepter is closing the bus.</summary>
    public const int Closing = -3;
}
