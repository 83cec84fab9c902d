namespace VpcComApi.VpcBus.Integration;

/// <summary>Guest to host: the answer to a <see cref="Request"/>.</summary>
/// <param name="Id">The request's number.</param>
/// <param name="Error">Null when it was done, else one of <see cref="IntegrationErrors"/>.</param>
/// <param name="Value">What was asked for, when something was.</param>
/// <param name="Message">What went wrong, for people.</param>
public sealed record Response(long Id, string? Error = null, string? Value = null, string? Message = null) : IntegrationMessage;
