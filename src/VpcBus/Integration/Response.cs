namespace VpcComApi.VpcBus.Integration;

/// <summary>Guest to host: the answer to a <see cref="Request"/>.</summary>
/// <param name="Id">The request's number.</param>
/// <param name="Error">Null on success, otherwise one of <see cref="IntegrationErrors"/>.</param>
/// <param name="Value">The result, if the operation has one.</param>
/// <param name="Message">A description of the error, for people.</param>
public sealed record Response(long Id, string? Error = null, string? Value = null, string? Message = null) : IntegrationMessage;
