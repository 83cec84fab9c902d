namespace VpcComApi.VpcBus.Integration;

/// <summary>A message of the integration service. On the wire a JSON object whose member <c>type</c> tells which.</summary>
public abstract record IntegrationMessage;
