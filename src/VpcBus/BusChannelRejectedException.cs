using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VpcBus;

/// <summary>The other side refused an offered channel pair and gave a reason.</summary>
/// <param name="service">The service that was offered.</param>
/// <param name="code">
/// The other side's code, at least 0; the service defines its meaning, for example <see cref="RelayRejection"/>.
/// </param>
/// <param name="reason">The other side's explanation, at most <see cref="BusOptions.MaxReasonLength"/> bytes of UTF-8.</param>
public sealed class BusChannelRejectedException(string service, int code, string reason)
    : BusException(BusError.Rejected, $"The other side refused the service '{service}' with code {code}: {reason}")
{
    /// <summary>The service that was offered.</summary>
    public string Service { get; } = service;

    /// <summary>The other side's code, at least 0.</summary>
    public int Code { get; } = code;

    /// <summary>The other side's explanation.</summary>
    public string Reason { get; } = reason;
}
