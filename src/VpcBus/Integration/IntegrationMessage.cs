namespace VpcComApi.VpcBus.Integration;

/// <summary>A message of the integration service. On the wire a JSON object whose member <c>type</c> tells which.</summary>
public abstract record IntegrationMessage
{
    /// <summary>For the messages of this library alone: the codec knows each of them.</summary>
    private protected IntegrationMessage()
    {
    }
}
