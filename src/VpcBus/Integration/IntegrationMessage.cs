namespace VpcComApi.VpcBus.Integration;

/// <summary>
/// A message of the integration service: in the channel a JSON object whose member <c>type</c> is the type of the message.
/// </summary>
public abstract record IntegrationMessage
{
    /// <summary>For the messages of this library alone: the codec knows each of them.</summary>
    private protected IntegrationMessage()
    {
    }
}
