using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace VpcComApi.VirtualMachines.Qemu;

/// <summary>The options of QEMU machines.</summary>
public sealed class QemuMachineOptions
{
    /// <summary>The environment variable with the full path of <c>qemu-system-x86_64</c>, for a QEMU that is not on PATH.</summary>
    public const string ProgramVariable = "VPC_QEMU";

    /// <summary>
    /// The full path of QEMU's program; null: the path in <see cref="ProgramVariable"/>, otherwise found on PATH, or in QEMU's own folder
    /// on Windows.
    /// </summary>
    public string? ProgramPath { get; init; }

    /// <summary>The accelerator (<c>kvm</c>, <c>whpx</c>, <c>tcg</c>); null: the best one that works in a probe.</summary>
    public string? Accelerator { get; init; }

    /// <summary>How long QEMU may take from its start to its greeting, and to report its version.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long QEMU may take to answer one command.</summary>
    public TimeSpan CommandLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long QEMU may take to end after the command to quit, before it is killed.</summary>
    public TimeSpan QuitLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Receives log messages, including those of QEMU.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
