using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VpcBus;

/// <summary>The other side refused an offered channel pair and gave a reason.</summary>
public sealed class BusChannelRejectedException : BusException
{
    internal BusChannelRejectedException(string service, int code, string reason)
        : base(BusError.Rejected, $"The other side refused the service '{service}' with code {code}: {reason}")
    {
        Service = service;
        Code = code;
        Reason = reason;
    }

    /// <summary>The service that was offered.</summary>
    public string Service { get; }

    /// <summary>
    /// The other side's code, at least 0; the service defines its meaning, for example <see cref="RelayRejection"/>.
    /// </summary>
    public int Code { get; }

    /// <summary>The other side's explanation, at most <see cref="BusOptions.MaxReasonLength"/> bytes of UTF-8.</summary>
    public string Reason { get; }
}
