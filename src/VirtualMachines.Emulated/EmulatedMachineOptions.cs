using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace VpcComApi.VirtualMachines.Emulated;

/// <summary>How emulated machines are run.</summary>
public sealed class EmulatedMachineOptions
{
    /// <summary>Names the environment variable with the guest service's full path, for a host that has none beside it.</summary>
    public const string GuestServiceVariable = "VPC_GUEST_SERVICE";

    /// <summary>
    /// The full path of the guest service's program. By default it is looked for beside the host's program and then where
    /// <see cref="GuestServiceVariable"/> points.
    /// </summary>
    public string? GuestServicePath { get; init; }

    /// <summary>Where messages go, those of the guests among them.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
