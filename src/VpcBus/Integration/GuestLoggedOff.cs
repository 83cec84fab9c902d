namespace VpcComApi.VpcBus.Integration;

/// <summary>Guest to host: the users of the guest have logged off.</summary>
/// <param name="Kind">
/// <see cref="Normal"/>, <see cref="Forced"/> or <see cref="External"/>; another text means <see cref="Normal"/>.
/// </param>
public sealed record GuestLoggedOff(string Kind = GuestLoggedOff.Normal) : IntegrationMessage
{
    /// <summary>By the user.</summary>
    public const string Normal = "normal";

    /// <summary>By the system, without asking.</summary>
    public const string Forced = "forced";

    /// <summary>By a request of the host.</summary>
    public const string External = "external";
}
