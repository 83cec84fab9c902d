using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace VpcComApi.VirtualMachines.Emulated;

/// <summary>The options of emulated machines.</summary>
public sealed class EmulatedMachineOptions
{
    /// <summary>
    /// The environment variable with the guest service's full path, for a host program without a guest service in its folder.
    /// </summary>
    public const string GuestServiceVariable = "VPC_GUEST_SERVICE";

    /// <summary>
    /// The full path of the guest service's program. By default it is searched in the folder of the host's program and then at the path in
    /// <see cref="GuestServiceVariable"/>.
    /// </summary>
    public string? GuestServicePath { get; init; }

    /// <summary>Receives log messages, including those of the guests.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
